#include "cdicom_read.h"

#include "cdicom.h"
#include "cdicom_private.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstring>
#include <memory>

using cdicom::tell;

struct cdicom_file {
  DcmFileFormat format;
};

namespace {

DcmTagKey key_of(uint32_t tag) { return DcmTagKey(Uint16(tag >> 16), Uint16(tag & 0xFFFF)); }

/* The element at the end of a path; null where a step leads nowhere. */
DcmElement *element_at(cdicom_file &file, const uint32_t *path, size_t steps) {
  if (steps % 2 == 0) return nullptr;
  DcmItem *item = (path[0] >> 16) == 2 ? static_cast<DcmItem *>(file.format.getMetaInfo()) : file.format.getDataset();
  for (size_t step = 0; item; step += 2) {
    DcmElement *element = nullptr;
    if (item->findAndGetElement(key_of(path[step]), element).bad() || !element) return nullptr;
    if (step + 1 == steps) return element;
    auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element);
    item = sequence && path[step + 1] < sequence->card() ? sequence->getItem(path[step + 1]) : nullptr;
  }
  return nullptr;
}

}  // namespace

int cdicom_file_open(const char *path, cdicom_file **file, char *message, size_t message_capacity) {
  *file = nullptr;
  try {
    // Without its dictionary DCMTK knows no representation of an implicit element, and Rows would read as nothing.
    if (const int status = cdicom_prepare(message, message_capacity)) return status;
    auto opened = std::make_unique<cdicom_file>();
    const OFCondition read = opened->format.loadFile(path, EXS_Unknown, EGL_noChange, 4096, ERM_autoDetect);
    if (read.good()) {
      *file = opened.release();
      return CDICOM_OK;
    }
    tell(message, message_capacity, read.text());
    return CDICOM_DAMAGED;
  } catch (...) {
    tell(message, message_capacity, "DCMTK failed");
    return CDICOM_ENVIRONMENT;
  }
}

void cdicom_file_close(cdicom_file *file) {
  try {
    delete file;
  } catch (...) {
  }
}

int cdicom_file_attribute(
  cdicom_file *file, const uint32_t *path, size_t steps, char representation[3], size_t *items, uint8_t *out,
  size_t out_capacity, size_t *written) {
  try {
    *written = 0;
    *items = 0;
    DcmElement *element = file && path ? element_at(*file, path, steps) : nullptr;
    if (!element) return CDICOM_UNSUPPORTED;
    memcpy(representation, DcmVR(element->getVR()).getValidVRName(), 2);
    representation[2] = 0;
    if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(element)) {
      *items = sequence->card();
      return CDICOM_OK;
    }
    OFString value;
    if (element->getOFStringArray(value, OFFalse).bad()) return CDICOM_UNSUPPORTED;
    *written = value.size();
    if (value.size() > out_capacity) return CDICOM_NEEDS_ROOM;
    if (!value.empty()) memcpy(out, value.data(), value.size());
    return CDICOM_OK;
  } catch (...) {
    return CDICOM_DAMAGED;
  }
}
