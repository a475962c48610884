#include "cnifti.h"

#include <math.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

struct cnifti_file {
  gzFile stream;
  int64_t offset;   // of the first voxel
  int64_t bytes;    // of all voxels
  int element;      // bytes that are swapped together
  int swapped;      // the file's byte order is not the machine's
};

static void say(char *message, size_t size, const char *text) {
  if (message && size) snprintf(message, size, "%s", text);
}

static int element_size(int type) {
  switch (type) {
    case cnifti_uint8: case cnifti_int8: return 1;
    case cnifti_int16: case cnifti_uint16: return 2;
    case cnifti_int32: case cnifti_uint32: case cnifti_float32: return 4;
    case cnifti_float64: case cnifti_int64: case cnifti_uint64: return 8;
    default: return 0;
  }
}

static int64_t file_size(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return -1;
  return (int64_t)info.st_size;
}

static int ends_with(const char *text, const char *end) {
  size_t a = strlen(text), b = strlen(end);
  return a >= b && strcmp(text + a - b, end) == 0;
}

// The voxels of "x.hdr" or "x.hdr.gz" lie in "x.img" or "x.img.gz"; empty where there is neither.
static void image_path(const char *path, char *image, size_t size) {
  size_t length = strlen(path);
  image[0] = 0;
  size_t cut = ends_with(path, ".hdr.gz") ? 7 : ends_with(path, ".hdr") ? 4 : 0;
  if (cut == 0 || length + 4 >= size) return;
  snprintf(image, size, "%.*s.img", (int)(length - cut), path);
  if (file_size(image) >= 0) return;
  snprintf(image, size, "%.*s.img.gz", (int)(length - cut), path);
  if (file_size(image) < 0) image[0] = 0;
}

static void copy_matrix(const nifti_dmat44 *from, double scale, double *to) {
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 4; column++) to[row * 4 + column] = from->m[row][column] * scale;
}

// Everything that libnifti2 would complain about on standard error is refused here first.
static const char *check_sizes(const int64_t dim[8], int type) {
  if (dim[0] < 1 || dim[0] > 7) return "the header's number of axes is not 1 to 7";
  for (int axis = 1; axis <= dim[0]; axis++)
    if (dim[axis] < 1) return "the header has an axis without voxels";
  if (element_size(type) == 0) return "the voxel type is not an integer or real number (colour and complex are not read)";
  return NULL;
}

static nifti_image *interpret(const unsigned char *bytes, size_t count, int *version, int *swapped, const char **why) {
  int64_t dim[8];
  int type;
  if (count < 348) { *why = "the file is shorter than a NIfTI header"; return NULL; }
  int32_t claimed;
  memcpy(&claimed, bytes, 4);
  int32_t turned = (int32_t)__builtin_bswap32((uint32_t)claimed);
  *swapped = !(claimed == 348 || claimed == 540);
  int32_t size = *swapped ? turned : claimed;
  if (size == 348) {
    nifti_1_header header, native;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, "n+1", 4) != 0 && memcmp(header.magic, "ni1", 4) != 0) {
      *why = "no NIfTI signature (ANALYZE 7.5 carries no reliable orientation and is not read)";
      return NULL;
    }
    native = header;
    if (*swapped) nifti_swap_as_nifti1(&native);
    for (int axis = 0; axis < 8; axis++) dim[axis] = native.dim[axis];
    type = native.datatype;
    if ((*why = check_sizes(dim, type))) return NULL;
    *version = 1;
    return nifti_convert_n1hdr2nim(header, NULL);
  }
  if (size == 540) {
    nifti_2_header header, native;
    if (count < 540) { *why = "the file is shorter than a NIfTI-2 header"; return NULL; }
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, "n+2", 4) != 0 && memcmp(header.magic, "ni2", 4) != 0) {
      *why = "no NIfTI-2 signature";
      return NULL;
    }
    native = header;
    if (*swapped) nifti_swap_as_nifti2(&native);
    for (int axis = 0; axis < 8; axis++) dim[axis] = native.dim[axis];
    type = native.datatype;
    if ((*why = check_sizes(dim, type))) return NULL;
    *version = 2;
    return nifti_convert_n2hdr2nim(header, NULL);
  }
  *why = "not a NIfTI file";
  return NULL;
}

static double millimetres(int units) {
  return units == NIFTI_UNITS_METER ? 1000.0 : units == NIFTI_UNITS_MICRON ? 0.001 : 1.0;
}

static void describe(const nifti_image *image, int version, cnifti_header *header) {
  double scale = millimetres(image->xyz_units);
  const int64_t size[7] = {image->nx, image->ny, image->nz, image->nt, image->nu, image->nv, image->nw};
  memset(header, 0, sizeof *header);
  header->version = version;
  header->dimensions = (int32_t)image->ndim;
  for (int axis = 0; axis < 7; axis++) {
    header->size[axis] = size[axis] < 1 ? 1 : size[axis];
    header->spacing[axis] = fabs(image->pixdim[axis + 1]) * (axis < 3 ? scale : 1.0);
  }
  header->data_type = image->datatype;
  header->bytes_per_voxel = element_size(image->datatype);
  header->qform_code = image->qform_code;
  header->sform_code = image->sform_code;
  copy_matrix(&image->qto_xyz, scale, header->qform);
  copy_matrix(&image->sto_xyz, scale, header->sform);
  int scaled = isfinite(image->scl_slope) && image->scl_slope != 0;
  header->slope = scaled ? image->scl_slope : 1;
  header->intercept = scaled && isfinite(image->scl_inter) ? image->scl_inter : 0;
}

// Voxels and bytes without overflow; -1 where the product leaves 63 bits.
static int64_t product(const int64_t size[7], int64_t element) {
  int64_t total = element;
  for (int axis = 0; axis < 7; axis++)
    if (__builtin_mul_overflow(total, size[axis], &total)) return -1;
  return total;
}

cnifti_file *cnifti_open(
    const char *path, int64_t maximum_bytes, cnifti_header *header, char *message, size_t message_size) {
  nifti_set_debug_level(0);
  if (file_size(path) < 0) { say(message, message_size, "no such file"); return NULL; }
  gzFile stream = gzopen(path, "rb");
  if (!stream) { say(message, message_size, "cannot be opened"); return NULL; }
  unsigned char bytes[540];
  int count = gzread(stream, bytes, sizeof bytes);
  int version = 0, swapped = 0;
  const char *why = "not a NIfTI header that libnifti2 can read";
  nifti_image *image = count < 0 ? NULL : interpret(bytes, (size_t)count, &version, &swapped, &why);
  if (!image) {
    gzclose(stream);
    say(message, message_size, count < 0 ? "the compressed data is damaged" : why);
    return NULL;
  }
  describe(image, version, header);
  int paired = image->nifti_type == NIFTI_FTYPE_NIFTI1_2 || image->nifti_type == NIFTI_FTYPE_NIFTI2_2;
  int64_t offset = image->iname_offset;
  nifti_image_free(image);
  header->voxels = product(header->size, 1);
  int64_t total = product(header->size, header->bytes_per_voxel);
  int64_t minimum = paired ? 0 : version == 1 ? 348 : 540;
  char data_path[4096];
  snprintf(data_path, sizeof data_path, "%s", path);
  why = NULL;
  if (paired) {
    image_path(path, data_path, sizeof data_path);
    if (!data_path[0]) why = "the .img file that belongs to the header is missing";
    gzclose(stream);
    stream = data_path[0] ? gzopen(data_path, "rb") : NULL;
    if (!why && !stream) why = "the .img file cannot be opened";
  }
  if (!why && total < 0) why = "the header claims more voxels than can be counted";
  if (!why && total > maximum_bytes) why = "the header claims more voxels than the limit allows";
  if (!why && offset < minimum) offset = minimum;
  if (!why) {
    int64_t length = file_size(data_path);
    // Deflate cannot expand more than 1032 times.
    int64_t most = gzdirect(stream) ? length : length > INT64_MAX / 1040 ? INT64_MAX : length * 1040 + 1024;
    if (offset > most || total > most - offset) why = "the file is too short for the voxels that its header claims";
  }
  cnifti_file *file = why ? NULL : calloc(1, sizeof *file);
  if (!file) {
    if (stream) gzclose(stream);
    say(message, message_size, why ? why : "no memory");
    return NULL;
  }
  file->stream = stream;
  file->offset = offset;
  file->bytes = total;
  file->element = header->bytes_per_voxel;
  file->swapped = swapped;
  gzbuffer(stream, 1 << 17);
  return file;
}

int cnifti_read(cnifti_file *file, void *bytes, size_t byte_count, char *message, size_t message_size) {
  if ((int64_t)byte_count != file->bytes) { say(message, message_size, "the buffer does not fit the voxels"); return -1; }
  if (gzseek(file->stream, (z_off_t)file->offset, SEEK_SET) < 0) {
    say(message, message_size, "the file ends before its voxels");
    return -1;
  }
  size_t done = 0;
  while (done < byte_count) {
    size_t left = byte_count - done;
    int got = gzread(file->stream, (char *)bytes + done, left > (1u << 28) ? 1u << 28 : (unsigned)left);
    if (got <= 0) {
      say(message, message_size, got < 0 ? "the compressed voxels are damaged" : "the file ends before its last voxel");
      return -1;
    }
    done += (size_t)got;
  }
  if (file->swapped && file->element > 1)
    nifti_swap_Nbytes((int64_t)(byte_count / (size_t)file->element), file->element, bytes);
  return 0;
}

void cnifti_close(cnifti_file *file) {
  if (!file) return;
  gzclose(file->stream);
  free(file);
}

// A header of the wanted version, its voxels beginning at `offset`.
static int build_header(
    int version, const int64_t size[4], const double matrix[12], int type, unsigned char *bytes, size_t *count) {
  int64_t dims[8] = {size[3] > 1 ? 4 : 3, size[0], size[1], size[2], size[3], 1, 1, 1};
  nifti_image *image = nifti_make_new_nim(dims, type, 0);
  if (!image) return -1;
  nifti_dmat44 affine;
  memset(&affine, 0, sizeof affine);
  affine.m[3][3] = 1;
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 4; column++) affine.m[row][column] = matrix[row * 4 + column];
  double spacing[3];
  nifti_dmat44_to_quatern(
      affine, &image->quatern_b, &image->quatern_c, &image->quatern_d, &image->qoffset_x, &image->qoffset_y,
      &image->qoffset_z, &spacing[0], &spacing[1], &spacing[2], &image->qfac);
  image->dx = image->pixdim[1] = spacing[0];
  image->dy = image->pixdim[2] = spacing[1];
  image->dz = image->pixdim[3] = spacing[2];
  image->sto_xyz = affine;
  image->sform_code = NIFTI_XFORM_SCANNER_ANAT;
  // A qform holds a rotation only: it is written where it says the same as the sform.
  nifti_dmat44 back = nifti_quatern_to_dmat44(
      image->quatern_b, image->quatern_c, image->quatern_d, image->qoffset_x, image->qoffset_y, image->qoffset_z,
      spacing[0], spacing[1], spacing[2], image->qfac);
  double worst = 0;
  for (int row = 0; row < 3; row++)
    for (int column = 0; column < 3; column++) worst = fmax(worst, fabs(back.m[row][column] - affine.m[row][column]));
  image->qform_code = worst < 1e-5 ? NIFTI_XFORM_SCANNER_ANAT : NIFTI_XFORM_UNKNOWN;
  image->xyz_units = NIFTI_UNITS_MM;
  image->time_units = NIFTI_UNITS_SEC;
  image->scl_slope = 1;
  image->nifti_type = version == 1 ? NIFTI_FTYPE_NIFTI1_1 : NIFTI_FTYPE_NIFTI2_1;
  image->iname_offset = version == 1 ? 352 : 544;
  int failed;
  memset(bytes, 0, 544);
  if (version == 1) {
    nifti_1_header header;
    failed = nifti_convert_nim2n1hdr(image, &header);
    header.vox_offset = 352;
    memcpy(header.magic, "n+1", 4);
    memcpy(bytes, &header, sizeof header);
    *count = 352;
  } else {
    nifti_2_header header;
    failed = nifti_convert_nim2n2hdr(image, &header);
    header.vox_offset = 544;
    memcpy(header.magic, "n+2\0\r\n\032\n", 8);
    memcpy(bytes, &header, sizeof header);
    *count = 544;
  }
  nifti_image_free(image);
  return failed ? -1 : 0;
}

static int put(gzFile stream, const void *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    size_t left = count - done;
    int wrote = gzwrite(stream, (const char *)bytes + done, left > (1u << 28) ? 1u << 28 : (unsigned)left);
    if (wrote <= 0) return -1;
    done += (size_t)wrote;
  }
  return 0;
}

int cnifti_write(
    const char *path, int version, const int64_t size[4], const double matrix[12], int data_type, const void *bytes,
    size_t byte_count, char *message, size_t message_size) {
  nifti_set_debug_level(0);
  const int64_t all[7] = {size[0], size[1], size[2], size[3], 1, 1, 1};
  int64_t total = product(all, element_size(data_type));
  if ((version != 1 && version != 2) || total <= 0 || (int64_t)byte_count != total) {
    say(message, message_size, "the voxels do not fit the sizes, or the version or type does not exist");
    return -1;
  }
  for (int axis = 0; axis < 4; axis++)
    if (version == 1 && size[axis] > 32767) {
      say(message, message_size, "NIfTI-1 holds at most 32767 voxels along an axis");
      return -1;
    }
  unsigned char header[544];
  size_t header_size = 0;
  if (build_header(version, size, matrix, data_type, header, &header_size) != 0) {
    say(message, message_size, "the header cannot be built");
    return -1;
  }
  gzFile stream = gzopen(path, ends_with(path, ".gz") ? "wb6" : "wbT");
  if (!stream) { say(message, message_size, "cannot be created"); return -1; }
  int failed = put(stream, header, header_size) || put(stream, bytes, byte_count);
  if (gzclose(stream) != Z_OK) failed = 1;
  if (failed) { say(message, message_size, "cannot be written"); return -1; }
  return 0;
}
