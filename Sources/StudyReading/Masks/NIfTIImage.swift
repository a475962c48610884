import CNIfTI
import DICOM
import Foundation
import Imaging

/// A NIfTI file's voxels in the file's order, with its grid in LPS.
struct NIfTIImage {
  /// Voxels along columns, rows, slices of the file.
  let size: [Int]
  /// Volumes that follow each other (time points, channels); 1 for a plain image.
  let volumes: Int
  /// Centre of the first voxel, LPS millimetres.
  let origin: Vector3
  /// LPS millimetres from voxel to voxel along each of the file's axes.
  let axes: [Vector3]
  let voxels: RawVoxels
  let warnings: [String]

  init(path: String, limits: MaskLimits) throws(MaskError) {
    let name = URL(fileURLWithPath: path).lastPathComponent
    var header = cnifti_header()
    var message = [CChar](repeating: 0, count: 256)
    guard
      let file = unsafe path.withCString({ text in
        unsafe cnifti_open(text, Int64(limits.maximumBytes), &header, &message, message.count)
      })
    else { throw MaskError(file: name, reason: String(shimMessage: message)) }
    defer { unsafe cnifti_close(file) }
    var bytes = [UInt8](repeating: 0, count: Int(header.voxels) * Int(header.bytes_per_voxel))
    let failed = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe cnifti_read(file, buffer.baseAddress, buffer.count, &message, message.count)
    }
    guard failed == 0 else { throw MaskError(file: name, reason: String(shimMessage: message)) }
    let extent = unsafe withUnsafeBytes(of: header.size) { unsafe Array($0.bindMemory(to: Int64.self)).map(Int.init) }
    size = Array(extent[0..<3])
    volumes = extent[3...].reduce(1, *)
    (origin, axes, warnings) = Self.placement(header)
    voxels = RawVoxels(
      bytes: bytes, type: Self.type(header.data_type), slope: Float(header.slope), intercept: Float(header.intercept))
  }

  private static func type(_ code: Int32) -> RawVoxels.NumberType {
    let types: [(code: Int, type: RawVoxels.NumberType)] = [
      (2, .uint8), (4, .int16), (8, .int32), (16, .float32), (64, .float64), (256, .int8), (512, .uint16),
      (768, .uint32), (1024, .int64), (1280, .uint64),
    ]
    return types.first { $0.code == Int(code) }?.type ?? .float32
  }

  /// The scanner's own matrix (code 1) is taken before one that leads to an atlas; of two alike the sform. RAS becomes
  /// LPS by turning the signs of x and y. With neither the first voxel lies at 0, 0, 0 and the axes are R, A, S.
  private static func placement(_ header: cnifti_header) -> (Vector3, [Vector3], [String]) {
    let qform = unsafe withUnsafeBytes(of: header.qform) { unsafe Array($0.bindMemory(to: Double.self)) }
    let sform = unsafe withUnsafeBytes(of: header.sform) { unsafe Array($0.bindMemory(to: Double.self)) }
    let usableS = header.sform_code > 0 && isUsable(sform)
    let usableQ = header.qform_code > 0 && isUsable(qform)
    var warnings: [String] = []
    let matrix: [Double]
    if usableS, usableQ {
      let takeQ = header.sform_code != 1 && header.qform_code == 1
      matrix = takeQ ? qform : sform
      if difference(qform, sform, header) > 0.5 {
        warnings.append("qform and sform of the NIfTI header disagree; the \(takeQ ? "qform" : "sform") was taken")
      }
    } else if usableS || usableQ {
      matrix = usableS ? sform : qform
    } else {
      let step = header.spacing
      matrix = [step.0, 0, 0, 0, 0, step.1, 0, 0, 0, 0, step.2, 0]
      warnings.append("the NIfTI header says nothing about position (no qform, no sform): the grid begins at 0, 0, 0")
    }
    let column = { (index: Int) in Vector3(-matrix[index], -matrix[4 + index], matrix[8 + index]) }
    return (column(3), [column(0), column(1), column(2)], warnings)
  }

  private static func isUsable(_ matrix: [Double]) -> Bool {
    guard matrix.allSatisfy(\.isFinite) else { return false }
    let axis = { (index: Int) in Vector3(matrix[index], matrix[4 + index], matrix[8 + index]) }
    return abs(axis(0).cross(axis(1)).dot(axis(2))) > 1e-9
  }

  /// Millimetres by which the two matrices part, the larger of first voxel and far corner.
  private static func difference(_ first: [Double], _ second: [Double], _ header: cnifti_header) -> Double {
    let far = [Double(header.size.0), Double(header.size.1), Double(header.size.2), 1]
    var worst = 0.0
    for corner in [[0, 0, 0, 1], far] {
      var squared = 0.0
      for row in 0..<3 {
        var sum = 0.0
        for column in 0..<4 { sum += (first[row * 4 + column] - second[row * 4 + column]) * corner[column] }
        squared += sum * sum
      }
      worst = max(worst, squared.squareRoot())
    }
    return worst
  }
}
