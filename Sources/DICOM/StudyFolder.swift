/// Everything that was found in a folder, sorted into studies and series by UID, whatever the names of the files.
public struct StudyFolder: Sendable {
  /// By Study Instance UID.
  public var studies: [Study]
  /// Files that are not read, with the reason, by path.
  public var refused: [DICOMError]
  /// Directories that could not be entered, by path.
  public var unreadableDirectories: [DICOMError]
  /// DICOMDIR files. Their records are not needed since all files are looked at; files that they name and that are
  /// not there are told in `warnings`.
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
    /// By SOP Instance UID; copies are left out.
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
    let (objects, duplicates) = DuplicateFiles.removed(from: instances.filter { $0.kind != .directory })
    var byStudy: [String: [Instance]] = [:]
    for instance in objects { byStudy[instance.study.instanceUID, default: []].append(instance) }
    for directory in directories {
      let absent = MediaDirectory.absentFiles(of: directory)
      if absent > 0 { warnings.append("a DICOMDIR names \(absent) files that are not there") }
    }
    studies = byStudy.keys.sorted().map { Study(instanceUID: $0, objects: byStudy[$0]!, duplicates: duplicates) }
    if studies.count > 1 { warnings.append("the folder holds \(studies.count) studies") }
    let patients = Set(objects.map { [$0.patient.issuerOfID ?? "", $0.patient.id ?? ""] })
    if patients.count > 1 { warnings.append("the folder holds objects of \(patients.count) patients") }
  }
}

extension StudyFolder.Study {
  fileprivate init(instanceUID: String, objects: [Instance], duplicates: [String: DuplicateFiles.Counts]) {
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
        if found.shared > 0 {
          warnings.append("\(found.shared) files share a SOP Instance UID with another image; all were kept")
        }
      }
      return StudyFolder.Series(instanceUID: uid, instances: bySeries[uid]!, warnings: warnings)
    }
    warnings = []
    let patients = Set(objects.map { [$0.patient.issuerOfID ?? "", $0.patient.id ?? ""] })
    if patients.count > 1 { warnings.append("the study names \(patients.count) patients") }
  }
}
