#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why this exists: Swift cannot call DCMTK's C++ classes, and OpenJPEG needs callbacks that read memory. Plain C comes
   in and goes out. Every function returns 0 on success or a cdicom_status, fills the caller's message buffer where it
   has one, and never prints, exits, or lets an exception out. All of them may be called from several threads. */
#define CDICOM_API __attribute__((visibility("default")))

enum cdicom_status {
  CDICOM_OK = 0,
  CDICOM_NEEDS_ROOM = 1,    /* the output buffer is too small; *written says what is needed where that is known */
  CDICOM_DAMAGED = 2,       /* the input cannot be decoded */
  CDICOM_UNSUPPORTED = 3,   /* the input is sound, but not something that is read */
  CDICOM_ENVIRONMENT = 4    /* memory, or a data file of the library, is missing */
};

/* Versions of the libraries as linked, such as "3.6.7" and "2.5.0". Static storage. */
CDICOM_API const char *cdicom_dcmtk_version(void);
CDICOM_API const char *cdicom_openjpeg_version(void);

/* Silences DCMTK's log, registers its decoders and makes sure that the data dictionary is loaded (DCMDICTPATH, else the
   places where distributions put it). Writing needs it; decoding calls it without the dictionary. Cheap when repeated. */
CDICOM_API int cdicom_prepare(char *message, size_t message_capacity);

/* Text of a Specific Character Set (defined terms joined by backslashes) as UTF-8. */
CDICOM_API int cdicom_text_to_utf8(
  const char *defined_terms, const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written);

/* Raw deflate. CDICOM_NEEDS_ROOM when the stream goes on after out_capacity bytes. */
CDICOM_API int cdicom_inflate(
  const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written);

/* What the header says about one frame of grayscale pixels. */
typedef struct cdicom_frame_format {
  uint16_t rows;
  uint16_t columns;
  uint16_t bits_allocated; /* 8 or 16 */
  uint16_t bits_stored;
  uint16_t high_bit;
  uint16_t is_signed;
} cdicom_frame_format;

/* One JPEG, JPEG lossless or JPEG-LS frame (fragments joined) by DCMTK's codecs. `out` holds rows * columns values of
   bits_allocated bits in the machine's byte order. The caller has checked the size in the codestream. */
CDICOM_API int cdicom_decode_jpeg(
  const char *transfer_syntax, const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out,
  size_t out_capacity, char *message, size_t message_capacity);

/* One JPEG-LS frame by CharLS 2 where it is installed, else by DCMTK. Same output. */
CDICOM_API int cdicom_decode_jpegls(
  const char *transfer_syntax, const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out,
  size_t out_capacity, char *message, size_t message_capacity);

/* One JPEG 2000 or HTJ2K frame by OpenJPEG, raw codestream or JP2 boxes. Same output. */
CDICOM_API int cdicom_decode_jpeg2000(
  const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity,
  char *message, size_t message_capacity);

#ifdef __cplusplus
}
#endif
