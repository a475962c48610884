// Feeds the shim's decoders with hostile bytes: byte 0 picks the decoder and the format, the rest is the frame.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cdicom.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 8) return 0;
  cdicom_frame_format format = {};
  format.rows = data[1] % 64 + 1;
  format.columns = data[2] % 64 + 1;
  format.bits_allocated = data[0] & 8 ? 16 : 8;
  format.bits_stored = format.bits_allocated;
  format.high_bit = format.bits_allocated - 1;
  format.is_signed = data[0] >> 4 & 1;
  std::vector<uint8_t> out(size_t(format.rows) * format.columns * 2);
  char message[256] = {0};
  static const char *syntaxes[] = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.70"};
  const uint8_t *bytes = data + 4;
  const size_t count = size - 4;
  size_t written = 0;
  switch (data[0] & 7) {
    case 0: case 1: case 2:
      cdicom_decode_jpeg(syntaxes[data[0] & 7], &format, bytes, count, out.data(), out.size(), message, sizeof message);
      break;
    case 3:
      cdicom_decode_jpegls(
        "1.2.840.10008.1.2.4.80", &format, bytes, count, out.data(), out.size(), message, sizeof message);
      break;
    case 4: case 5:
      // The reader looks at the size segment first; the fuzzer keeps to that contract.
      if (count >= 42 && bytes[0] == 0xFF && bytes[1] == 0x4F && bytes[40] == 0 && bytes[41] == 1) {
        cdicom_decode_jpeg2000(&format, bytes, count, out.data(), out.size(), message, sizeof message);
      }
      break;
    case 6: cdicom_inflate(bytes, count, out.data(), out.size(), &written); break;
    default: cdicom_text_to_utf8("\\ISO 2022 IR 87\\ISO 2022 IR 149", bytes, count, out.data(), out.size(), &written);
  }
  return 0;
}
