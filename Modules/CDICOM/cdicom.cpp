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
#include <iconv.h>
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

namespace {

/* Japanese with escape sequences: DCMTK asks iconv for the bare JIS sets, which glibc does not have. */
int japanese_to_utf8(const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written) {
  const char *encodings[] = {"ISO-2022-JP-2", "ISO-2022-JP-3"};
  for (const char *encoding : encodings) {
    const iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == iconv_t(-1)) continue;
    char *input = reinterpret_cast<char *>(const_cast<uint8_t *>(bytes));
    char *output = reinterpret_cast<char *>(out);
    size_t left = count;
    size_t room = out_capacity;
    const size_t result = iconv(converter, &input, &left, &output, &room);
    iconv_close(converter);
    if (result != size_t(-1) && left == 0) {
      *written = out_capacity - room;
      return CDICOM_OK;
    }
  }
  return CDICOM_DAMAGED;
}

}  // namespace

int cdicom_text_to_utf8(
  const char *defined_terms, const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity, size_t *written) {
  try {
    cdicom::register_codecs();
    DcmSpecificCharacterSet converter;
    OFString text;
    if (converter.selectCharacterSet(OFString(defined_terms)).good()
        && converter.convertString(reinterpret_cast<const char *>(bytes), count, text, "\\^=").good()) {
      *written = text.size();
      if (text.size() > out_capacity) return CDICOM_NEEDS_ROOM;
      memcpy(out, text.data(), text.size());
      return CDICOM_OK;
    }
    if (strstr(defined_terms, "IR 87") || strstr(defined_terms, "IR 159") || strstr(defined_terms, "IR 13")) {
      return japanese_to_utf8(bytes, count, out, out_capacity, written);
    }
    return CDICOM_DAMAGED;
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

namespace {

/* Whether the marker segments lead from SOI to a frame header. DCMTK's own scan (DJCodecDecoder::
   scanJpegDataForBitDepth, 3.6.7) stands still for ever on a marker without a length, such as TEM or RST. */
bool reaches_frame_header(const uint8_t *bytes, size_t count) {
  if (count < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8) return false;
  size_t position = 2;
  while (position + 4 <= count) {
    if (bytes[position] != 0xFF) return false;
    const uint8_t marker = bytes[position + 1];
    const bool is_table = marker == 0xC4 || marker == 0xCC || marker == 0xDB || marker == 0xDD || marker == 0xF8
                          || marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF);
    const bool is_frame = (marker >= 0xC0 && marker <= 0xCF && !is_table && marker != 0xC8) || marker == 0xF7;
    if (is_frame) return position + 10 <= count;
    const size_t length = size_t(bytes[position + 2]) << 8 | bytes[position + 3];
    if (!is_table || length < 2) return false;
    position += 2 + length;
  }
  return false;
}

}  // namespace

int cdicom_decode_jpeg(
  const char *transfer_syntax, const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out,
  size_t out_capacity, char *message, size_t message_capacity) {
  try {
    cdicom::register_codecs();
    const size_t needed = size_t(format->rows) * format->columns * (format->bits_allocated / 8);
    if (out_capacity < needed) return CDICOM_NEEDS_ROOM;
    if (!reaches_frame_header(bytes, count)) {
      tell(message, message_capacity, "the JPEG header is damaged");
      return CDICOM_DAMAGED;
    }
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
