#pragma once

#include <stddef.h>

/* Shared by the reading and the writing half of the shim. */
namespace cdicom {
/* Fills a caller's message buffer; always ends it with a zero. */
void tell(char *message, size_t capacity, const char *text);
/* Log off, decoders registered, once per process. */
void register_codecs();
/* Whether DCMTK's data dictionary is there (looked for once, log off and codecs registered before). */
bool load_dictionary();
}  // namespace cdicom
