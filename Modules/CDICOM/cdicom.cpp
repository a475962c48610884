#include "cdicom.h"
#include "cdicom_private.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>
#include <openjpeg.h>
#include <zlib.h>

#include <cstdio>
#include <cstring>
#include <mutex>

namespace cdicom {

void tell(char *message, size_t capacity, const char *text) {
  if (message && capacity) snprintf(message, capacity, "%s", text);
}

void register_codecs() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
  });
}

bool load_dictionary() {
  static bool loaded = [] {
    register_codecs();
    if (dcmDataDict.isDictionaryLoaded()) return true;
    const char *places[] = {"/usr/share/libdcmtk17/dicom.dic", "/usr/share/dcmtk/dicom.dic",
                            "/usr/local/share/dcmtk/dicom.dic", "/opt/homebrew/share/dcmtk/dicom.dic"};
    for (const char *place : places) {
      if (FILE *file = fopen(place, "rb")) {
        fclose(file);
        DcmDataDictionary &dictionary = dcmDataDict.wrlock();
        const bool success = dictionary.loadDictionary(place);
        dcmDataDict.wrunlock();
        if (success && dcmDataDict.isDictionaryLoaded()) return true;
      }
    }
    return false;
  }();
  return loaded;
}

}  // namespace cdicom

using cdicom::tell;

const char *cdicom_dcmtk_version(void) { return OFFIS_DCMTK_VERSION_STRING; }
const char *cdicom_openjpeg_version(void) { return opj_version(); }

int cdicom_prepare(char *message, size_t message_capacity) {
  try {
    if (cdicom::load_dictionary()) return CDICOM_OK;
    tell(message, message_capacity, "DCMTK's data dictionary is missing (install libdcmtk17 or set DCMDICTPATH)");
  } catch (...) {
    tell(message, message_capacity, "DCMTK cannot be initialized");
  }
  return CDICOM_ENVIRONMENT;
}

int cdicom_text_to_utf8(
  const char *defined_terms, const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written) {
  try {
    cdicom::register_codecs();
    DcmSpecificCharacterSet converter;
    if (converter.selectCharacterSet(OFString(defined_terms)).bad()) return CDICOM_UNSUPPORTED;
    OFString text;
    if (converter.convertString(reinterpret_cast<const char *>(bytes), count, text, "\\^=").bad()) return CDICOM_DAMAGED;
    *written = text.size();
    if (text.size() > out_capacity) return CDICOM_NEEDS_ROOM;
    memcpy(out, text.data(), text.size());
    return CDICOM_OK;
  } catch (...) {
    return CDICOM_ENVIRONMENT;
  }
}

int cdicom_inflate(const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written) {
  *written = 0;
  if (count > UINT32_MAX || out_capacity > UINT32_MAX) return CDICOM_UNSUPPORTED;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return CDICOM_ENVIRONMENT;
  stream.next_in = const_cast<Bytef *>(bytes);
  stream.avail_in = static_cast<uInt>(count);
  stream.next_out = out;
  stream.avail_out = static_cast<uInt>(out_capacity);
  const int code = inflate(&stream, Z_FINISH);
  *written = stream.total_out;
  inflateEnd(&stream);
  if (code == Z_STREAM_END) return CDICOM_OK;
  return code == Z_BUF_ERROR && *written == out_capacity ? CDICOM_NEEDS_ROOM : CDICOM_DAMAGED;
}

int cdicom_decode_jpeg(
  const char *transfer_syntax, const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out,
  size_t out_capacity, char *message, size_t message_capacity) {
  try {
    cdicom::register_codecs();
    const size_t needed = size_t(format->rows) * format->columns * (format->bits_allocated / 8);
    if (out_capacity < needed) return CDICOM_NEEDS_ROOM;
    const DcmXfer syntax(transfer_syntax);
    if (syntax.getXfer() == EXS_Unknown) {
      tell(message, message_capacity, "DCMTK does not know the transfer syntax");
      return CDICOM_UNSUPPORTED;
    }
    DcmDataset dataset;
    dataset.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    dataset.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    dataset.putAndInsertString(DCM_NumberOfFrames, "1");
    dataset.putAndInsertUint16(DCM_Rows, format->rows);
    dataset.putAndInsertUint16(DCM_Columns, format->columns);
    dataset.putAndInsertUint16(DCM_BitsAllocated, format->bits_allocated);
    dataset.putAndInsertUint16(DCM_BitsStored, format->bits_stored);
    dataset.putAndInsertUint16(DCM_HighBit, format->high_bit);
    dataset.putAndInsertUint16(DCM_PixelRepresentation, format->is_signed);
    DcmPixelData *pixels = new DcmPixelData(DcmTag(DCM_PixelData, EVR_OB));
    DcmPixelSequence *sequence = new DcmPixelSequence(DcmTag(DCM_PixelData, EVR_OB));
    sequence->insert(new DcmPixelItem(DcmTag(DCM_Item, EVR_OB)));
    DcmPixelItem *fragment = new DcmPixelItem(DcmTag(DCM_Item, EVR_OB));
    sequence->insert(fragment);
    pixels->putOriginalRepresentation(syntax.getXfer(), nullptr, sequence);
    if (dataset.insert(pixels, OFTrue).bad()) {
      delete pixels;
      tell(message, message_capacity, "the frame cannot be handed to the decoder");
      return CDICOM_ENVIRONMENT;
    }
    if (fragment->putUint8Array(bytes, static_cast<unsigned long>(count)).bad()) {
      tell(message, message_capacity, "no memory for the frame");
      return CDICOM_ENVIRONMENT;
    }
    Uint32 start = 1;
    OFString colour;
    const OFCondition condition = pixels->getUncompressedFrame(
      &dataset, 0, start, out, static_cast<Uint32>(needed), colour);
    if (condition.good()) return CDICOM_OK;
    tell(message, message_capacity, condition.text());
    return CDICOM_DAMAGED;
  } catch (...) {
    tell(message, message_capacity, "the decoder gave up");
    return CDICOM_DAMAGED;
  }
}
