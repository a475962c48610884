/// Everything that was found in a folder, sorted into studies and series by UID, whatever the names of the files.
public struct StudyFolder: Sendable {
  /// By Study Instance UID.
  public var studies: [Study]
  /// Files that are not read, with the reason, by path.
  public var refused: [DICOMError]
  /// Directories that could not be entered, by path.
  public var unreadableDirectories: [DICOMError]
  /// DICOMDIR files, whose records are not needed since all files are looked at.
  public var directories: [Instance]
  /// Findings about the folder as a whole.
  public var warnings: [String]

  /// One study: series of images, and objects that are no images.
  public struct Study: Sendable {
    public var instanceUID: String
    /// By Series Instance UID.
    public var series: [Series]
    /// Segmentations, structure sets, reports and the like, by SOP Instance UID.
    public var objects: [Instance]
    public var warnings: [String]

    /// The study's first object, for attributes of patient and study.
    public var representative: Instance { series.first?.instances.first ?? objects[0] }
  }

  /// The images of one Series Instance UID.
  public struct Series: Sendable {
    public var instanceUID: String
    /// By SOP Instance UID; each UID once.
    public var instances: [Instance]
    public var warnings: [String]
  }

  /// Files that are not DICOM at all, as opposed to damaged ones.
  public var strangers: [DICOMError] { refused.filter { $0.code == .notDICOM } }
  /// DICOM files that could not be used.
  public var damaged: [DICOMError] { refused.filter { $0.code != .notDICOM } }

  /// Looks at every file below `path` (or at the one file).
  ///
  /// Only headers are read. Symbolic links are followed, each directory and file once. The result does not depend on
  /// names, on the order of files or on the number of threads.
  /// - Throws: `cannotRead` when `path` itself is neither a readable directory nor a file.
  public static func scan(
    path: String, limits: ReadingLimits = ReadingLimits(), threads: Int? = nil
  ) throws(DICOMError) -> StudyFolder {
    let walk = try FolderWalk.walk(path)
    var folder = scan(files: walk.files, limits: limits, threads: threads)
    folder.unreadableDirectories = walk.unreadable
    return folder
  }

  /// The same for an explicit list of files.
  public static func scan(
    files: [String], limits: ReadingLimits = ReadingLimits(), threads: Int? = nil
  ) -> StudyFolder {
    let results = ParallelMap.map(files, threads: threads) { path -> Result<Instance, DICOMError> in
      do throws(DICOMError) {
        return .success(try Instance.read(path: path, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    var instances: [Instance] = []
    var refused: [DICOMError] = []
    for result in results {
      switch result {
      case .success(let instance): instances.append(instance)
      case .failure(let error): refused.append(error)
      }
    }
    return StudyFolder(instances: instances, refused: refused)
  }

  /// Sorts instances that were read elsewhere.
  public init(instances: [Instance], refused: [DICOMError] = []) {
    self.refused = refused.sorted { ($0.path ?? "") < ($1.path ?? "") }
    unreadableDirectories = []
    warnings = []
    directories = instances.filter { $0.kind == .directory }.sorted { $0.path < $1.path }
    let (objects, duplicates) = Self.withoutDuplicates(instances.filter { $0.kind != .directory })
    var byStudy: [String: [Instance]] = [:]
    for instance in objects { byStudy[instance.study.instanceUID, default: []].append(instance) }
    studies = byStudy.keys.sorted().map { Study(instanceUID: $0, objects: byStudy[$0]!, duplicates: duplicates) }
    if studies.count > 1 { warnings.append("the folder holds \(studies.count) studies") }
    let patients = Set(objects.map { [$0.patient.issuerOfID ?? "", $0.patient.id ?? ""] })
    if patients.count > 1 { warnings.append("the folder holds objects of \(patients.count) patients") }
  }

  /// Ascending SOP Instance UIDs, each once. Of several files under one UID the one whose bytes hash lowest stays, so
  /// that the choice does not depend on names.
  private static func withoutDuplicates(
    _ instances: [Instance]
  ) -> (instances: [Instance], duplicates: [String: Duplicates]) {
    let sorted = instances.sorted { ($0.sopInstanceUID, $0.path) < ($1.sopInstanceUID, $1.path) }
    var kept: [Instance] = []
    var duplicates: [String: Duplicates] = [:]
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].sopInstanceUID == sorted[start].sopInstanceUID { end += 1 }
      if end - start == 1 {
        kept.append(sorted[start])
      } else {
        let hashed = sorted[start..<end].map { (FileDigest.xxh3(path: $0.path) ?? "", $0) }
          .sorted { ($0.0, $0.1.path) < ($1.0, $1.1.path) }
        let distinct = Set(hashed.map(\.0)).count
        kept.append(hashed[0].1)
        duplicates[hashed[0].1.series.instanceUID, default: Duplicates()].copies += hashed.count - distinct
        duplicates[hashed[0].1.series.instanceUID, default: Duplicates()].conflicts += distinct - 1
      }
      start = end
    }
    return (kept, duplicates)
  }

  struct Duplicates {
    var copies = 0
    var conflicts = 0
  }
}

extension StudyFolder.Study {
  fileprivate init(instanceUID: String, objects: [Instance], duplicates: [String: StudyFolder.Duplicates]) {
    self.instanceUID = instanceUID
    self.objects = objects.filter { $0.kind != .image }
    var bySeries: [String: [Instance]] = [:]
    for instance in objects where instance.kind == .image {
      bySeries[instance.series.instanceUID, default: []].append(instance)
    }
    series = bySeries.keys.sorted().map { uid in
      var warnings: [String] = []
      if let found = duplicates[uid] {
        if found.copies > 0 { warnings.append("\(found.copies) files are copies of others and were left out") }
        if found.conflicts > 0 {
          warnings.append(
            "\(found.conflicts) files share a SOP Instance UID with another of other content; one was kept")
        }
      }
      return StudyFolder.Series(instanceUID: uid, instances: bySeries[uid]!, warnings: warnings)
    }
    warnings = []
    let patients = Set(objects.map { [$0.patient.issuerOfID ?? "", $0.patient.id ?? ""] })
    if patients.count > 1 { warnings.append("the study names \(patients.count) patients") }
  }
}
