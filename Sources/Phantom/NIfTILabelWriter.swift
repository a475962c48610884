import CNIfTI
import Foundation
import Imaging

/// Writes label maps as gzipped NIfTI-1, unsigned 16-bit.
enum NIfTILabelWriter {
  static func write(_ labels: [UInt16], geometry: VolumeGeometry, to url: URL) throws(PhantomError) {
    let size: [Int64] = [Int64(geometry.columns), Int64(geometry.rows), Int64(geometry.slices), 1]
    let axes = [
      geometry.rowDirection * geometry.spacing.x, geometry.columnDirection * geometry.spacing.y,
      geometry.sliceDirection * geometry.spacing.z, geometry.sliceOrigins[0],
    ]
    // NIfTI's world is RAS: left and posterior change sign.
    let matrix: [Double] = axes.map { -$0.x } + axes.map { -$0.y } + axes.map(\.z)
    let code = unsafe cnifti_write(
      url.path, 1, size, matrix, Int32(cnifti_uint16), labels, labels.count * 2, nil, 0)
    if code != 0 { throw .fileNotWritable(path: url.path, code: Int(code)) }
  }
}
