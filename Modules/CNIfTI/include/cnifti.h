#pragma once
// NIfTI-1 and NIfTI-2 images, plain or gzipped, single files or .hdr/.img pairs.
//
// libnifti2 gives the header's meaning (byte order, version, quaternion to matrix); the bytes are read here, so that
// every length that a header claims is checked against the file before memory is asked for, and nothing is printed.
// Matrices are 3 rows of 4, row by row, from voxel index (column, row, slice) to RAS millimetres, as NIfTI has them.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// NIfTI's own data type codes.
enum {
  cnifti_uint8 = 2,
  cnifti_int16 = 4,
  cnifti_int32 = 8,
  cnifti_float32 = 16,
  cnifti_float64 = 64,
  cnifti_int8 = 256,
  cnifti_uint16 = 512,
  cnifti_uint32 = 768,
  cnifti_int64 = 1024,
  cnifti_uint64 = 1280
};

typedef struct {
  int32_t version;            ///< 1 or 2
  int32_t dimensions;         ///< number of axes, 1 to 7
  int64_t size[7];            ///< extent of each axis, 1 where there is none
  double spacing[7];          ///< pixdim[1...7] in millimetres (micrometres and metres converted for the first three)
  int32_t data_type;          ///< one of the codes above
  int32_t bytes_per_voxel;
  int64_t voxels;             ///< product of the sizes
  int32_t qform_code;
  int32_t sform_code;
  double qform[12];           ///< meaningful where qform_code > 0
  double sform[12];           ///< meaningful where sform_code > 0
  double slope;               ///< scl_slope, 1 where the file has 0 or nothing finite
  double intercept;           ///< scl_inter, 0 where it does not apply
} cnifti_header;

typedef struct cnifti_file cnifti_file;

/// Opens a file and reads its header; `maximum_bytes` bounds the voxel data. Returns NULL with a reason in `message`.
__attribute__((visibility("default"))) cnifti_file *cnifti_open(
    const char *path, int64_t maximum_bytes, cnifti_header *header, char *message, size_t message_size);

/// Reads all voxels in the machine's byte order into `bytes` (voxels x bytes_per_voxel). 0, or -1 with a reason.
__attribute__((visibility("default"))) int cnifti_read(
    cnifti_file *file, void *bytes, size_t byte_count, char *message, size_t message_size);

__attribute__((visibility("default"))) void cnifti_close(cnifti_file *file);

/// Writes a single-file image with the same matrix as qform (where it is a rotation) and sform, code 1 (scanner),
/// units mm; gzipped where the path ends in ".gz". The same input gives the same bytes. `size` has four extents (the
/// last 1 for a volume). 0, or -1 with a reason.
__attribute__((visibility("default"))) int cnifti_write(
    const char *path, int version, const int64_t size[4], const double matrix[12], int data_type, const void *bytes,
    size_t byte_count, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
