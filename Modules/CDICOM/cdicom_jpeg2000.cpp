#include "cdicom.h"
#include "cdicom_private.h"

#include <openjpeg.h>

#include <cstdio>
#include <cstring>

using cdicom::tell;

namespace {

struct Source {
  const uint8_t *bytes;
  size_t count;
  size_t position;
};

OPJ_SIZE_T read_source(void *buffer, OPJ_SIZE_T wanted, void *user) {
  Source *source = static_cast<Source *>(user);
  const size_t left = source->count - source->position;
  if (left == 0) return static_cast<OPJ_SIZE_T>(-1);
  const size_t taken = wanted < left ? wanted : left;
  memcpy(buffer, source->bytes + source->position, taken);
  source->position += taken;
  return taken;
}

OPJ_OFF_T skip_source(OPJ_OFF_T wanted, void *user) {
  Source *source = static_cast<Source *>(user);
  if (wanted < 0) return -1;
  const size_t left = source->count - source->position;
  const size_t taken = size_t(wanted) < left ? size_t(wanted) : left;
  source->position += taken;
  return static_cast<OPJ_OFF_T>(taken);
}

OPJ_BOOL seek_source(OPJ_OFF_T position, void *user) {
  Source *source = static_cast<Source *>(user);
  if (position < 0 || size_t(position) > source->count) return OPJ_FALSE;
  source->position = size_t(position);
  return OPJ_TRUE;
}

/* OpenJPEG's objects, freed on every way out. */
struct Decoder {
  opj_codec_t *codec = nullptr;
  opj_stream_t *stream = nullptr;
  opj_image_t *image = nullptr;
  ~Decoder() {
    if (image) opj_image_destroy(image);
    if (stream) opj_stream_destroy(stream);
    if (codec) opj_destroy_codec(codec);
  }
};

int copy_component(
  const opj_image_comp_t &component, const cdicom_frame_format *format, uint8_t *out, char *message,
  size_t message_capacity) {
  const size_t count = size_t(format->rows) * format->columns;
  if (component.w != format->columns || component.h != format->rows || !component.data) {
    tell(message, message_capacity, "the codestream's size is not the header's");
    return CDICOM_DAMAGED;
  }
  if (component.prec > format->bits_allocated) {
    tell(message, message_capacity, "the codestream has more bits than the header allocates");
    return CDICOM_DAMAGED;
  }
  if (format->bits_allocated == 8) {
    for (size_t i = 0; i < count; i++) out[i] = static_cast<uint8_t>(component.data[i]);
  } else {
    for (size_t i = 0; i < count; i++) {
      const uint16_t value = static_cast<uint16_t>(component.data[i]);
      memcpy(out + 2 * i, &value, 2);
    }
  }
  return CDICOM_OK;
}

}  // namespace

int cdicom_decode_jpeg2000(
  const cdicom_frame_format *format, const uint8_t *bytes, size_t count, uint8_t *out, size_t out_capacity,
  char *message, size_t message_capacity) {
  try {
    const size_t needed = size_t(format->rows) * format->columns * (format->bits_allocated / 8);
    if (out_capacity < needed) return CDICOM_NEEDS_ROOM;
    const bool boxed = count >= 12 && memcmp(bytes + 4, "jP  ", 4) == 0;
    Source source = {bytes, count, 0};
    Decoder decoder;
    decoder.codec = opj_create_decompress(boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
    decoder.stream = opj_stream_create(count < (1u << 20) ? (count ? count : 1) : (1u << 20), OPJ_TRUE);
    if (!decoder.codec || !decoder.stream) {
      tell(message, message_capacity, "no memory for the decoder");
      return CDICOM_ENVIRONMENT;
    }
    opj_stream_set_user_data(decoder.stream, &source, nullptr);
    opj_stream_set_user_data_length(decoder.stream, count);
    opj_stream_set_read_function(decoder.stream, read_source);
    opj_stream_set_skip_function(decoder.stream, skip_source);
    opj_stream_set_seek_function(decoder.stream, seek_source);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    if (!opj_setup_decoder(decoder.codec, &parameters)
        || !opj_read_header(decoder.stream, decoder.codec, &decoder.image)) {
      tell(message, message_capacity, "the codestream's header is damaged");
      return CDICOM_DAMAGED;
    }
    const opj_image_t *image = decoder.image;
    if (image->numcomps != 1 || image->comps[0].w != format->columns || image->comps[0].h != format->rows) {
      tell(message, message_capacity, "the codestream's size is not the header's");
      return CDICOM_DAMAGED;
    }
    if (!opj_decode(decoder.codec, decoder.stream, decoder.image)) {
      tell(message, message_capacity, "the codestream is damaged");
      return CDICOM_DAMAGED;
    }
    opj_end_decompress(decoder.codec, decoder.stream);
    return copy_component(decoder.image->comps[0], format, out, message, message_capacity);
  } catch (...) {
    tell(message, message_capacity, "the decoder gave up");
    return CDICOM_DAMAGED;
  }
}
