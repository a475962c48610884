#include "cstatistics.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

namespace {

namespace math = boost::math;

/* A tail too small for a double is 0, not an error; everything else that goes wrong throws. */
using Policy = math::policies::policy<
    math::policies::domain_error<math::policies::throw_on_error>,
    math::policies::pole_error<math::policies::throw_on_error>,
    math::policies::overflow_error<math::policies::throw_on_error>,
    math::policies::underflow_error<math::policies::ignore_error>,
    math::policies::evaluation_error<math::policies::throw_on_error>>;

template <typename Body>
int guarded(double *result, Body body) {
  if (result == nullptr) return CSTATISTICS_DOMAIN;
  try {
    const double value = body();
    if (std::isnan(value)) return CSTATISTICS_FAILURE;
    if (std::isinf(value)) return CSTATISTICS_RANGE;
    *result = value;
    return CSTATISTICS_OK;
  } catch (const std::domain_error &) {
    return CSTATISTICS_DOMAIN;
  } catch (const std::overflow_error &) {
    return CSTATISTICS_RANGE;
  } catch (...) {
    return CSTATISTICS_FAILURE;
  }
}

template <typename Distribution>
double upper(const Distribution &distribution, double x) {
  return math::cdf(math::complement(distribution, x));
}

}  // namespace

int cstatistics_normal_upper(double x, double *result) {
  return guarded(result, [&] { return upper(math::normal_distribution<double, Policy>(), x); });
}

int cstatistics_normal_quantile(double probability, double *result) {
  return guarded(result, [&] { return math::quantile(math::normal_distribution<double, Policy>(), probability); });
}

int cstatistics_student_upper(double x, double degrees, double *result) {
  return guarded(result, [&] { return upper(math::students_t_distribution<double, Policy>(degrees), x); });
}

int cstatistics_student_quantile(double probability, double degrees, double *result) {
  return guarded(
      result, [&] { return math::quantile(math::students_t_distribution<double, Policy>(degrees), probability); });
}

int cstatistics_noncentral_student_quantile(
    double probability, double degrees, double noncentrality, double *result) {
  return guarded(result, [&] {
    return math::quantile(math::non_central_t_distribution<double, Policy>(degrees, noncentrality), probability);
  });
}

int cstatistics_chi_squared_upper(double x, double degrees, double *result) {
  return guarded(result, [&] { return upper(math::chi_squared_distribution<double, Policy>(degrees), x); });
}

int cstatistics_fisher_f_upper(double x, double numerator, double denominator, double *result) {
  return guarded(
      result, [&] { return upper(math::fisher_f_distribution<double, Policy>(numerator, denominator), x); });
}

int cstatistics_fisher_f_quantile(double probability, double numerator, double denominator, double *result) {
  return guarded(result, [&] {
    return math::quantile(math::fisher_f_distribution<double, Policy>(numerator, denominator), probability);
  });
}

int cstatistics_beta_quantile(double probability, double alpha, double beta, double *result) {
  return guarded(
      result, [&] { return math::quantile(math::beta_distribution<double, Policy>(alpha, beta), probability); });
}
