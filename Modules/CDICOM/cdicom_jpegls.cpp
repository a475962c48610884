#include "cdicom.h"
#include "cdicom_private.h"

#include <dlfcn.h>

#include <cstring>
#include <memory>
#include <vector>

using cdicom::tell;

/* CharLS 2 (libcharls.so.2) decodes JPEG-LS half as fast again as the copy of CharLS 1 inside DCMTK. Both export
   functions of the same names with other arguments, so it is never linked: it is opened at run time, keeps its names to
   itself, and where it is not installed DCMTK's copy does the work. */
namespace {

struct Decoder;

/* charls_frame_info of libcharls.so.2 */
struct FrameInfo {
  uint32_t width;
  uint32_t height;
  int32_t bits_per_sample;
  int32_t component_count;
};

struct Library {
  Decoder *(*create)() = nullptr;
  void (*destroy)(const Decoder *) = nullptr;
  int32_t (*set_source_buffer)(Decoder *, const void *, size_t) = nullptr;
  int32_t (*read_header)(Decoder *) = nullptr;
  int32_t (*get_frame_info)(const Decoder *, FrameInfo *) = nullptr;
  int32_t (*decode_to_buffer)(const Decoder *, void *, size_t, uint32_t) = nullptr;
  bool found = false;

  Library() {
    void *library = dlopen("libcharls.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    found = find(library, "charls_jpegls_decoder_create", create)
            && find(library, "charls_jpegls_decoder_destroy", destroy)
            && find(library, "charls_jpegls_decoder_set_source_buffer", set_source_buffer)
            && find(library, "charls_jpegls_decoder_read_header", read_header)
            && find(library, "charls_jpegls_decoder_get_frame_info", get_frame_info)
            && find(library, "charls_jpegls_decoder_decode_to_buffer", decode_to_buffer);
  }

  template <typename Function>
  static bool find(void *library, const char *name, Function &function) {
    void *symbol = dlsym(library, name);
    memcpy(&function, &symbol, sizeof symbol);
    return symbol != nullptr;
  }
};

const Library &charls() {
  static const Library library;
  return library;
}

}  // namespace

int cdicom_decode_jpegls(
  const char *transfer_syntax, const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out,
  size_t out_capacity, char *message, size_t message_capacity) {
  try {
    const Library &library = charls();
    if (!library.found) {
      return cdicom_decode_jpeg(transfer_syntax, format, bytes, count, out, out_capacity, message, message_capacity);
    }
    const size_t pixels = size_t(format->rows) * format->columns;
    const size_t needed = pixels * (format->bits_allocated / 8);
    if (out_capacity < needed) return CDICOM_NEEDS_ROOM;
    const std::unique_ptr<Decoder, void (*)(const Decoder *)> decoder(library.create(), library.destroy);
    if (!decoder) {
      tell(message, message_capacity, "no memory for the decoder");
      return CDICOM_ENVIRONMENT;
    }
    FrameInfo frame = {};
    if (library.set_source_buffer(decoder.get(), bytes, count) != 0 || library.read_header(decoder.get()) != 0
        || library.get_frame_info(decoder.get(), &frame) != 0) {
      tell(message, message_capacity, "the JPEG-LS header is damaged");
      return CDICOM_DAMAGED;
    }
    if (frame.width != format->columns || frame.height != format->rows || frame.component_count != 1
        || frame.bits_per_sample > format->bits_allocated) {
      tell(message, message_capacity, "the codestream's size is not the header's");
      return CDICOM_DAMAGED;
    }
    // Up to eight bits come out as bytes, whatever the header allocates.
    const bool widens = frame.bits_per_sample <= 8 && format->bits_allocated == 16;
    std::vector<uint8_t> narrow(widens ? pixels : 0);
    void *target = widens ? narrow.data() : out;
    if (library.decode_to_buffer(decoder.get(), target, widens ? pixels : needed, 0) != 0) {
      tell(message, message_capacity, "the JPEG-LS stream is damaged");
      return CDICOM_DAMAGED;
    }
    for (size_t i = 0; i < narrow.size(); i++) {
      const uint16_t value = narrow[i];
      memcpy(out + 2 * i, &value, 2);
    }
    return CDICOM_OK;
  } catch (...) {
    tell(message, message_capacity, "the decoder gave up");
    return CDICOM_DAMAGED;
  }
}
