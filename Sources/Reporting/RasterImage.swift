internal import CPNG
public import Foundation

/// An 8-bit RGB picture in memory, origin at the top left.
public struct RasterImage: Sendable {
  public struct Color: Sendable, Equatable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    static func grey(_ value: UInt8) -> Self { Self(value, value, value) }
  }

  public let width: Int
  public let height: Int
  /// Rows from the top, three bytes a pixel.
  private(set) var bytes: [UInt8]

  public init(width: Int, height: Int, fill: Color = Color(0, 0, 0)) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: 0, count: width * height * 3)
    if fill != Color(0, 0, 0) {
      for y in 0..<height { for x in 0..<width { self[x, y] = fill } }
    }
  }

  /// A pixel; writing outside the picture does nothing, reading there gives black.
  public subscript(x: Int, y: Int) -> Color {
    get {
      guard x >= 0, y >= 0, x < width, y < height else { return Color(0, 0, 0) }
      let offset = (y * width + x) * 3
      return Color(bytes[offset], bytes[offset + 1], bytes[offset + 2])
    }
    set {
      guard x >= 0, y >= 0, x < width, y < height else { return }
      let offset = (y * width + x) * 3
      bytes[offset] = newValue.red
      bytes[offset + 1] = newValue.green
      bytes[offset + 2] = newValue.blue
    }
  }

  /// Copies another picture with its top left corner at (x, y), clipped.
  mutating func paste(_ other: RasterImage, x: Int, y: Int) {
    for row in 0..<other.height { for column in 0..<other.width { self[x + column, y + row] = other[column, row] } }
  }

  /// Mixes a colour over a pixel.
  mutating func blend(_ color: Color, x: Int, y: Int, opacity: Double) {
    let old = self[x, y]
    let mix = { (under: UInt8, over: UInt8) in UInt8(Double(under) * (1 - opacity) + Double(over) * opacity) }
    self[x, y] = Color(mix(old.red, color.red), mix(old.green, color.green), mix(old.blue, color.blue))
  }

  /// The picture as a PNG file's bytes; `nil` when libpng refuses (a picture without pixels).
  public func pngData() -> Data? {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(width)
    unsafe image.height = png_uint_32(height)
    unsafe image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    // A tenth more bytes for a third of the time.
    unsafe image.flags = png_uint_32(PNG_IMAGE_FLAG_FAST)
    // What the compressed picture takes at most (PNG_IMAGE_PNG_SIZE_MAX); asking libpng would compress it twice.
    let raw = (width * 3 + 1) * height
    var size = raw + raw / 8 + raw / 64 + 4096
    var data = Data(count: size)
    let written = unsafe data.withUnsafeMutableBytes { buffer in
      unsafe png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, bytes, png_int_32(width * 3), nil)
    }
    return written == 0 ? nil : data.prefix(size)
  }
}
