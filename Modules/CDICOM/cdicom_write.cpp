#include "cdicom_write.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmdata/dcrlerp.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpeg/djrplol.h"
#include "dcmtk/dcmjpls/djencode.h"
#include "dcmtk/dcmjpls/djrparam.h"
#include "dcmtk/oflog/oflog.h"

struct cdicom_writer {
  DcmFileFormat file;
  std::vector<DcmItem *> path;

  DcmItem *item() { return path.empty() ? file.getDataset() : path.back(); }
};

namespace {

/// Encoders are process-wide in DCMTK: registered once, never taken away, since another thread may be writing.
void register_encoders() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    DJLSEncoderRegistration::registerCodecs();
  });
}

E_TransferSyntax syntax_of(int transfer_syntax) {
  switch (transfer_syntax) {
    case CDICOM_WRITE_IMPLICIT_LITTLE: return EXS_LittleEndianImplicit;
    case CDICOM_WRITE_DEFLATED: return EXS_DeflatedLittleEndianExplicit;
    case CDICOM_WRITE_RLE: return EXS_RLELossless;
    case CDICOM_WRITE_JPEG_LOSSLESS: return EXS_JPEGProcess14SV1;
    case CDICOM_WRITE_JPEG_LS_LOSSLESS: return EXS_JPEGLSLossless;
    default: return EXS_LittleEndianExplicit;
  }
}

/// Runs `body`, which returns one of the status codes; anything thrown becomes CDICOM_WRITE_INTERNAL.
template <typename Body>
int guarded(Body body) {
  try {
    return body();
  } catch (...) {
    return CDICOM_WRITE_INTERNAL;
  }
}

}  // namespace

extern "C" {

cdicom_writer *cdicom_writer_open(void) {
  try {
    register_encoders();
    if (!dcmDataDict.isDictionaryLoaded()) return nullptr;
    return new cdicom_writer();
  } catch (...) {
    return nullptr;
  }
}

void cdicom_writer_close(cdicom_writer *writer) {
  try {
    delete writer;
  } catch (...) {
  }
}

int cdicom_writer_put(cdicom_writer *writer, uint16_t group, uint16_t element, const char *value) {
  return guarded([&] {
    if (!writer || !value) return CDICOM_WRITE_BAD_VALUE;
    const DcmTag tag(group, element);
    const OFCondition done = *value ? writer->item()->putAndInsertString(tag, value, OFTrue)
                                    : writer->item()->insertEmptyElement(tag, OFTrue);
    return done.good() ? CDICOM_WRITE_OK : CDICOM_WRITE_BAD_VALUE;
  });
}

int cdicom_writer_put_tag(
    cdicom_writer *writer, uint16_t group, uint16_t element, uint16_t value_group, uint16_t value_element) {
  return guarded([&] {
    if (!writer) return CDICOM_WRITE_BAD_VALUE;
    auto attribute = std::make_unique<DcmAttributeTag>(DcmTag(group, element));
    if (attribute->putTagVal(DcmTagKey(value_group, value_element)).bad()) return CDICOM_WRITE_BAD_VALUE;
    if (writer->item()->insert(attribute.get(), OFTrue).bad()) return CDICOM_WRITE_BAD_VALUE;
    attribute.release();
    return CDICOM_WRITE_OK;
  });
}

int cdicom_writer_begin_item(cdicom_writer *writer, uint16_t group, uint16_t element) {
  return guarded([&] {
    if (!writer) return CDICOM_WRITE_BAD_VALUE;
    DcmItem *item = nullptr;
    // -2 appends a new item.
    if (writer->item()->findOrCreateSequenceItem(DcmTag(group, element), item, -2).bad() || !item)
      return CDICOM_WRITE_BAD_VALUE;
    writer->path.push_back(item);
    return CDICOM_WRITE_OK;
  });
}

int cdicom_writer_end_item(cdicom_writer *writer) {
  if (!writer || writer->path.empty()) return CDICOM_WRITE_BAD_VALUE;
  writer->path.pop_back();
  return CDICOM_WRITE_OK;
}

int cdicom_writer_put_pixels16(cdicom_writer *writer, const uint16_t *pixels, size_t count) {
  return guarded([&] {
    if (!writer || !pixels || count > 0x7FFFFFFFu) return CDICOM_WRITE_BAD_VALUE;
    return writer->file.getDataset()
                   ->putAndInsertUint16Array(DCM_PixelData, pixels, static_cast<unsigned long>(count), OFTrue)
                   .good()
               ? CDICOM_WRITE_OK
               : CDICOM_WRITE_BAD_VALUE;
  });
}

int cdicom_writer_put_pixels8(cdicom_writer *writer, const uint8_t *pixels, size_t count) {
  return guarded([&] {
    if (!writer || !pixels || count > 0x7FFFFFFFu) return CDICOM_WRITE_BAD_VALUE;
    std::vector<Uint8> padded(pixels, pixels + count);
    if (padded.size() % 2) padded.push_back(0);
    DcmTag tag(DCM_PixelData, EVR_OB);
    return writer->file.getDataset()
                   ->putAndInsertUint8Array(tag, padded.data(), static_cast<unsigned long>(padded.size()), OFTrue)
                   .good()
               ? CDICOM_WRITE_OK
               : CDICOM_WRITE_BAD_VALUE;
  });
}

int cdicom_writer_save(cdicom_writer *writer, const char *path, int transfer_syntax) {
  return guarded([&] {
    if (!writer || !path || !writer->path.empty()) return CDICOM_WRITE_BAD_VALUE;
    const E_TransferSyntax syntax = syntax_of(transfer_syntax);
    DcmDataset *dataset = writer->file.getDataset();
    OFCondition chosen = EC_Normal;
    if (syntax == EXS_JPEGProcess14SV1) {
      DJ_RPLossless parameters;
      chosen = dataset->chooseRepresentation(syntax, &parameters);
    } else if (syntax == EXS_JPEGLSLossless) {
      DJLSRepresentationParameter parameters(0, OFTrue);
      chosen = dataset->chooseRepresentation(syntax, &parameters);
    } else {
      chosen = dataset->chooseRepresentation(syntax, nullptr);
    }
    if (chosen.bad() || !dataset->canWriteXfer(syntax)) return CDICOM_WRITE_NOT_ENCODED;
    return writer->file.saveFile(path, syntax, EET_ExplicitLength, EGL_recalcGL, EPD_withoutPadding).good()
               ? CDICOM_WRITE_OK
               : CDICOM_WRITE_NOT_SAVED;
  });
}

}  // extern "C"
