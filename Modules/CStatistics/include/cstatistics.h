#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Why this exists: Boost.Math's distributions are C++ templates that report bad arguments by exceptions. Here each is a
   plain function that writes its value through a pointer and returns a status; no exception leaves, nothing is printed.
   "upper" is the tail above x, computed as such, so that tails of 1e-40 keep their digits. */
#define CSTATISTICS_API __attribute__((visibility("default")))

enum {
  CSTATISTICS_OK = 0,
  CSTATISTICS_DOMAIN = 1,   /* an argument outside the distribution's domain */
  CSTATISTICS_RANGE = 2,    /* the result overflows or underflows */
  CSTATISTICS_FAILURE = 3   /* no convergence, or anything else */
};

CSTATISTICS_API int cstatistics_normal_upper(double x, double *result);
CSTATISTICS_API int cstatistics_normal_quantile(double probability, double *result);
CSTATISTICS_API int cstatistics_student_upper(double x, double degrees, double *result);
CSTATISTICS_API int cstatistics_student_quantile(double probability, double degrees, double *result);
CSTATISTICS_API int cstatistics_noncentral_student_quantile(
    double probability, double degrees, double noncentrality, double *result);
CSTATISTICS_API int cstatistics_chi_squared_upper(double x, double degrees, double *result);
CSTATISTICS_API int cstatistics_fisher_f_upper(double x, double numerator, double denominator, double *result);
CSTATISTICS_API int cstatistics_fisher_f_quantile(
    double probability, double numerator, double denominator, double *result);
CSTATISTICS_API int cstatistics_beta_quantile(double probability, double alpha, double beta, double *result);

#ifdef __cplusplus
}
#endif
