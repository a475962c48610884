#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why this exists: a second witness. Headers are read in Swift, which believes no length that a file claims; DCMTK reads
   the same files here, so that the two can be held against each other. Give it only files whose lengths have been
   checked: DCMTK asks for the memory that a header claims. Statuses are those of cdicom.h; no exception, print or exit
   leaves. A handle belongs to one thread at a time. */
#define CDICOM_READ_API __attribute__((visibility("default")))

typedef struct cdicom_file cdicom_file;

/* Opens a file with or without preamble; values of more than 4096 bytes stay on disk until they are asked for. *file is
   NULL, with a status and a message, where DCMTK cannot read it or its data dictionary is missing. */
CDICOM_READ_API int cdicom_file_open(
  const char *path, cdicom_file **file, char *message, size_t message_capacity);
CDICOM_READ_API void cdicom_file_close(cdicom_file *file);

/* What stands at the end of a path: tags as group << 16 | element, an item's number (from 0) between two of them, as in
   {sequence, item, tag}. `representation` gets the two letters and a zero; for a sequence `items` gets its length and
   the value is empty; else `out` gets the values as text, joined by backslashes, not ended by a zero.
   CDICOM_UNSUPPORTED where nothing stands there or the value has no text, CDICOM_NEEDS_ROOM with the size in *written. */
CDICOM_READ_API int cdicom_file_attribute(
  cdicom_file *file, const uint32_t *path, size_t steps, char representation[3], size_t *items, uint8_t *out,
  size_t out_capacity, size_t *written);

#ifdef __cplusplus
}
#endif
