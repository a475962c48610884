#pragma once
// Writes DICOM files (MR, CT, Enhanced MR, SEG, RTSTRUCT: whatever the caller composes) over DCMTK. The caller names
// attributes by tag; the value representation is the data dictionary's. No C++ exception leaves, nothing is printed.

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define CDICOM_WRITE_API __attribute__((visibility("default")))
#else
#define CDICOM_WRITE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// A dataset under construction, with a cursor that stands in the dataset or in an item of one of its sequences.
typedef struct cdicom_writer cdicom_writer;

enum {
  CDICOM_WRITE_OK = 0,
  /// The data dictionary is not loaded, so value representations would be unknown.
  CDICOM_WRITE_NO_DICTIONARY = 1,
  /// The value does not fit the attribute, or the cursor cannot move.
  CDICOM_WRITE_BAD_VALUE = 2,
  /// The pixels could not be encoded in the wanted transfer syntax.
  CDICOM_WRITE_NOT_ENCODED = 3,
  /// The file could not be written.
  CDICOM_WRITE_NOT_SAVED = 4,
  CDICOM_WRITE_INTERNAL = 5
};

enum {
  CDICOM_WRITE_EXPLICIT_LITTLE = 0,
  CDICOM_WRITE_IMPLICIT_LITTLE = 1,
  CDICOM_WRITE_DEFLATED = 2,
  CDICOM_WRITE_RLE = 3,
  CDICOM_WRITE_JPEG_LOSSLESS = 4,
  CDICOM_WRITE_JPEG_LS_LOSSLESS = 5
};

/// A new dataset; NULL when memory or the dictionary is missing.
CDICOM_WRITE_API cdicom_writer *cdicom_writer_open(void);
CDICOM_WRITE_API void cdicom_writer_close(cdicom_writer *writer);

/// Sets an attribute from text (several values separated by a backslash; numbers as decimal text), replacing an older
/// value. An empty text writes the attribute with zero length.
CDICOM_WRITE_API int cdicom_writer_put(cdicom_writer *writer, uint16_t group, uint16_t element, const char *value);

/// Sets an attribute of one Attribute Tag (VR AT).
CDICOM_WRITE_API int cdicom_writer_put_tag(
    cdicom_writer *writer, uint16_t group, uint16_t element, uint16_t value_group, uint16_t value_element);

/// Appends an item to the sequence and moves the cursor into it; `end_item` moves it back out.
CDICOM_WRITE_API int cdicom_writer_begin_item(cdicom_writer *writer, uint16_t group, uint16_t element);
CDICOM_WRITE_API int cdicom_writer_end_item(cdicom_writer *writer);

/// Pixel data as 16-bit words (VR OW) or as bytes (VR OB, odd lengths padded).
CDICOM_WRITE_API int cdicom_writer_put_pixels16(cdicom_writer *writer, const uint16_t *pixels, size_t count);
CDICOM_WRITE_API int cdicom_writer_put_pixels8(cdicom_writer *writer, const uint8_t *pixels, size_t count);

/// Writes the file in the transfer syntax (one of the constants above). The dataset stays usable for another file
/// only when the transfer syntax is not an encapsulated one.
CDICOM_WRITE_API int cdicom_writer_save(cdicom_writer *writer, const char *path, int transfer_syntax);

#ifdef __cplusplus
}
#endif
