#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why this exists: DICOM SEG and SR (TID 1500) are written with DCMTK's dcmseg and cmr, which are C++. Builders hold what
   was said so far; each call returns 0, or 1 with a message. No exception, print or exit leaves. Strings are UTF-8,
   copied. Not thread safe per handle. */
#define CDICOM_REPORT_API __attribute__((visibility("default")))

typedef struct cdicom_seg cdicom_seg;
typedef struct cdicom_sr cdicom_sr;

/* A binary segmentation. `reference_file` gives patient, study and frame of reference. `orientation` is Image Orientation
   (Patient), `row_spacing` lies between rows, millimetres. NULL on failure. */
CDICOM_REPORT_API cdicom_seg *cdicom_seg_new(const char *reference_file, uint16_t rows, uint16_t columns,
                                             const double orientation[6], double row_spacing, double column_spacing,
                                             double slice_thickness, double slice_spacing, const char *version,
                                             char *message, size_t message_size);
CDICOM_REPORT_API void cdicom_seg_free(cdicom_seg *seg);
/* Adds a lesion's segment; its number is written to `number` (from 1). */
CDICOM_REPORT_API int cdicom_seg_add_segment(cdicom_seg *seg, const char *label, const char *tracking_id,
                                             const char *tracking_uid, uint16_t *number, char *message,
                                             size_t message_size);
/* Adds one frame: `mask` has rows x columns bytes, 0 or 1; `dimension_index` counts the positions from 1; the source
   instance is the image that the frame was drawn on. */
CDICOM_REPORT_API int cdicom_seg_add_frame(cdicom_seg *seg, uint16_t segment, const double position[3],
                                           uint32_t dimension_index, const char *source_file, const uint8_t *mask,
                                           char *message, size_t message_size);
/* Date as YYYYMMDD and time as HHMMSS of the content. */
CDICOM_REPORT_API int cdicom_seg_write(cdicom_seg *seg, const char *path, const char *series_uid, const char *sop_uid,
                                       const char *date, const char *time, char *message, size_t message_size);

/* A Comprehensive SR of template TID 1500. `reference_file` gives patient and study; `seg_file` is the segmentation that
   the groups refer to. NULL on failure. */
CDICOM_REPORT_API cdicom_sr *cdicom_sr_new(const char *reference_file, const char *seg_file, const char *version,
                                           const char *device_uid, char *message, size_t message_size);
CDICOM_REPORT_API void cdicom_sr_free(cdicom_sr *sr);
/* Opens the group of one lesion: finding and site as SNOMED CT codes; an empty site is left out. */
CDICOM_REPORT_API int cdicom_sr_add_group(cdicom_sr *sr, const char *tracking_id, const char *tracking_uid,
                                          uint16_t segment, const char *source_series_uid, const char *site_value,
                                          const char *site_meaning, char *message, size_t message_size);
/* Adds a number to the last group, with UCUM units; `text` is the number as it is to be printed (DS, 16 characters). */
CDICOM_REPORT_API int cdicom_sr_add_measurement(cdicom_sr *sr, const char *value, const char *scheme,
                                                const char *meaning, const char *text, const char *unit,
                                                const char *unit_meaning, char *message, size_t message_size);
/* Adds a coded category to the last group. */
CDICOM_REPORT_API int cdicom_sr_add_evaluation(cdicom_sr *sr, const char *name_value, const char *name_scheme,
                                               const char *name_meaning, const char *value, const char *scheme,
                                               const char *meaning, char *message, size_t message_size);
CDICOM_REPORT_API int cdicom_sr_write(cdicom_sr *sr, const char *path, const char *series_uid, const char *sop_uid,
                                      const char *date, const char *time, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
