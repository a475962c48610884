import Foundation
import Imaging

/// Writes acquired series as classic MR and CT images with the tags that a vendor would give.
struct DICOMStudyWriter: Sendable {
  let specification: PhantomStudySpecification
  let uids: UIDFactory
  let folder: URL

  var patientID: String { specification.patientID ?? "PHANTOM-\(specification.seed)" }

  func seriesUID(_ number: Int) -> String { uids.uid("series/\(number)") }

  func instanceUID(series: Int, slice: Int) -> String { uids.uid("series/\(series)/slice/\(slice)") }

  /// Pixel values of a series: whole numbers, the brightest thousandth at about 1800.
  struct Stored {
    var pixels: [UInt16]
    var slope: Double
    var intercept: Double
  }

  func stored(_ image: [Float], vendor: PhantomStudySpecification.Vendor) -> Stored {
    let sorted = image.sorted()
    let top = max(sorted[Int(Double(sorted.count - 1) * 0.999)], 1e-6)
    let scale = 1800 / top
    let pixels = image.map { UInt16(min(max(($0 * scale).rounded(), 0), 4095)) }
    // Philips images carry a rescale; slope 1 leaves a ratio as it is, whoever forgets it.
    return Stored(pixels: pixels, slope: vendor == .philips ? 0.5 : 1, intercept: 0)
  }

  /// Writes a series into a folder of its own, one file a slice, in parallel.
  func write(_ series: AcquiredSeries) throws(PhantomError) {
    let acquisition = series.acquisition
    let stored = stored(series.image, vendor: specification.vendor)
    let directory = try makeFolder(acquisition.number)
    let geometry = acquisition.geometry
    let size = geometry.columns * geometry.rows
    let failures = concurrentMap(geometry.slices) { slice -> PhantomError? in
      do throws(PhantomError) {
        let file = try DICOMFileWriter()
        try common(file, modality: "MR", series: acquisition.number, slice: slice)
        try image(file, geometry: geometry, slice: slice, thickness: acquisition.sliceThickness, number: slice + 1)
        try magneticResonance(file, acquisition, slices: geometry.slices)
        if specification.vendor == .philips {
          try file.put(0x0028, 0x1052, [stored.intercept])
          try file.put(0x0028, 0x1053, [stored.slope])
          try file.put(0x0028, 0x1054, "US")
        }
        try file.put(0x0028, 0x0103, "0")
        try file.put(0x0028, 0x1050, [600 * stored.slope])
        try file.put(0x0028, 0x1051, [1200 * stored.slope])
        try file.putPixels(Array(stored.pixels[(slice * size)..<((slice + 1) * size)]))
        try file.save(path(directory, slice), specification.transferSyntax)
        return nil
      } catch { return error }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
  }

  /// Writes a CT: Hounsfield units as stored value - 1024.
  func writeCT(_ units: [Float], geometry: VolumeGeometry, thickness: Double, number: Int) throws(PhantomError) {
    let directory = try makeFolder(number)
    let size = geometry.columns * geometry.rows
    let failures = concurrentMap(geometry.slices) { slice -> PhantomError? in
      do throws(PhantomError) {
        let file = try DICOMFileWriter()
        try common(file, modality: "CT", series: number, slice: slice)
        try image(file, geometry: geometry, slice: slice, thickness: thickness, number: slice + 1)
        try file.put(0x0008, 0x0008, "ORIGINAL\\PRIMARY\\AXIAL")
        try file.put(0x0008, 0x103E, specification.blankTags ? "" : "SPINE 3.0 B60s")
        try file.put(0x0018, 0x0060, "120")
        try file.put(0x0018, 0x1210, "B60s")
        try file.put(0x0028, 0x1052, "-1024")
        try file.put(0x0028, 0x1053, "1")
        try file.put(0x0028, 0x1054, "HU")
        try file.put(0x0028, 0x0103, "0")
        try file.putPixels(
          units[(slice * size)..<((slice + 1) * size)].map { UInt16(min(max(($0 + 1024).rounded(), 0), 4095)) })
        try file.save(path(directory, slice), specification.transferSyntax)
        return nil
      } catch { return error }
    }
    if let failure = failures.compactMap({ $0 }).first { throw failure }
  }

  private func makeFolder(_ number: Int) throws(PhantomError) -> URL {
    let directory = folder.appendingPathComponent("series\(number < 10 ? "0" : "")\(number)", isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch { throw .fileNotWritable(path: directory.path, code: 0) }
    return directory
  }

  private func path(_ directory: URL, _ slice: Int) -> String {
    let text = String(slice + 1)
    return directory.appendingPathComponent(
      "IM" + String(repeating: "0", count: max(0, 4 - text.count)) + text + ".dcm"
    ).path
  }

  // MARK: Attributes

  private func common(
    _ file: borrowing DICOMFileWriter, modality: String, series: Int, slice: Int
  ) throws(PhantomError) {
    let mr = modality == "MR"
    try file.put(0x0008, 0x0005, "ISO_IR 100")
    try file.put(0x0008, 0x0016, mr ? "1.2.840.10008.5.1.4.1.1.4" : "1.2.840.10008.5.1.4.1.1.2")
    try file.put(0x0008, 0x0018, instanceUID(series: series, slice: slice))
    try file.put(0x0008, 0x0020, "20100105")
    try file.put(0x0008, 0x0021, "20100105")
    try file.put(0x0008, 0x0023, "20100105")
    try file.put(0x0008, 0x0030, "101500")
    try file.put(0x0008, 0x0031, "10\(15 + series)00")
    try file.put(0x0008, 0x0033, "10\(15 + series)00")
    try file.put(0x0008, 0x0050, "")
    try file.put(0x0008, 0x0060, modality)
    try file.put(0x0008, 0x0070, mr ? vendorTags.manufacturer : "SIEMENS")
    try file.put(0x0008, 0x0090, "")
    try file.put(0x0008, 0x1030, specification.blankTags ? "" : "SPINE")
    try file.put(0x0008, 0x1090, mr ? vendorTags.model : "Sensation 64")
    try file.put(0x0010, 0x0010, "PHANTOM^SPINE")
    try file.put(0x0010, 0x0020, patientID)
    try file.put(0x0010, 0x0030, "")
    try file.put(0x0010, 0x0040, "O")
    try file.put(0x0018, 0x0015, "SPINE")
    try file.put(0x0018, 0x5100, "HFS")
    try file.put(0x0020, 0x000D, uids.uid("study"))
    try file.put(0x0020, 0x000E, seriesUID(series))
    try file.put(0x0020, 0x0010, "1")
    try file.put(0x0020, 0x0011, "\(series * 100 + 1)")
    try file.put(0x0020, 0x0012, "1")
    try file.put(0x0020, 0x0052, uids.uid("frame"))
    try file.put(0x0020, 0x1040, "")
  }

  private func image(
    _ file: borrowing DICOMFileWriter, geometry: VolumeGeometry, slice: Int, thickness: Double, number: Int
  ) throws(PhantomError) {
    let origin = geometry.sliceOrigins[slice]
    let row = geometry.rowDirection
    let column = geometry.columnDirection
    try file.put(0x0018, 0x0050, [thickness])
    try file.put(0x0018, 0x0088, [geometry.spacing.z])
    try file.put(0x0020, 0x0013, "\(number)")
    try file.put(0x0020, 0x0032, [origin.x, origin.y, origin.z], digits: 6)
    try file.put(0x0020, 0x0037, [row.x, row.y, row.z, column.x, column.y, column.z], digits: 9)
    try file.put(0x0020, 0x1041, [origin.dot(geometry.sliceDirection)], digits: 4)
    try file.put(0x0028, 0x0002, "1")
    try file.put(0x0028, 0x0004, "MONOCHROME2")
    try file.put(0x0028, 0x0010, "\(geometry.rows)")
    try file.put(0x0028, 0x0011, "\(geometry.columns)")
    try file.put(0x0028, 0x0030, [geometry.spacing.y, geometry.spacing.x])
    try file.put(0x0028, 0x0100, "16")
    try file.put(0x0028, 0x0101, "12")
    try file.put(0x0028, 0x0102, "11")
  }

  private func magneticResonance(
    _ file: borrowing DICOMFileWriter, _ acquisition: Acquisition, slices: Int
  ) throws(PhantomError) {
    let sequence = acquisition.sequence
    let blank = specification.blankTags
    let tags = vendorTags
    try file.put(0x0008, 0x0008, tags.imageType)
    try file.put(0x0008, 0x103E, blank ? "" : tags.description(acquisition.kind))
    if !blank { try file.put(0x0018, 0x1030, tags.protocolName(acquisition.kind)) }
    try file.put(0x0018, 0x0020, sequence.inversionTime == nil ? "SE" : "SE\\IR")
    try file.put(0x0018, 0x0021, blank ? "NONE" : tags.variant(acquisition.kind))
    try file.put(0x0018, 0x0022, blank ? "" : tags.options(acquisition.kind))
    try file.put(0x0018, 0x0023, "2D")
    if !blank, let name = tags.sequenceName(acquisition.kind) { try file.put(0x0018, 0x0024, name) }
    if sequence.gadolinium, !blank, tags.writesContrast { try file.put(0x0018, 0x0010, "Magnevist") }
    try file.put(0x0018, 0x0080, blank ? "" : DICOMFileWriter.decimal(sequence.repetitionTime))
    try file.put(0x0018, 0x0081, blank ? "" : DICOMFileWriter.decimal(sequence.echoTime))
    if let inversion = sequence.inversionTime, !blank { try file.put(0x0018, 0x0082, [inversion.rounded()]) }
    try file.put(0x0018, 0x0083, "2")
    try file.put(0x0018, 0x0084, specification.fieldStrength < 2.2 ? "63.87" : "127.7")
    try file.put(0x0018, 0x0085, "1H")
    try file.put(0x0018, 0x0087, blank ? "" : DICOMFileWriter.decimal(specification.fieldStrength))
    try file.put(0x0018, 0x0091, blank ? "" : (tags.isT2(acquisition.kind) ? "17" : "1"))
    try file.put(0x0018, 0x1312, "COL")
    try file.put(0x0018, 0x1314, "90")
  }

  private var vendorTags: VendorTags {
    VendorTags(vendor: specification.vendor, fieldStrength: specification.fieldStrength)
  }
}
