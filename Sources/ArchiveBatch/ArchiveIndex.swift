internal import Findings
internal import Foundation
internal import GRDB

/// Which files an archive holds and which study each belongs to, in SQLite, keyed by path, size and modification time.
///
/// A second walk over an unchanged archive reads no header: one `stat` a file and one query a folder. The index is a
/// cache: it may be deleted at any time, and everything in it comes back from the archive.
final class ArchiveIndex {
  /// What the index knows of a file in a folder.
  struct KnownFile: Equatable {
    var size: Int64
    var modified: Int64
  }

  /// A file whose header was read, on its way into the index.
  struct FileEntry {
    var folder: String
    var name: String
    var size: Int64
    var modified: Int64
    var header: FileHeader.Kind
  }

  /// One study of the archive.
  struct StudyEntry: Equatable {
    var identifier: Int64
    var studyInstanceUID: String
    /// SHA-256 over the study's sorted (SOP Instance UID or mask name, size, modification time).
    var fingerprint: String
    var files: Int
    var bytes: Int64
  }

  /// Totals for the manifest.
  struct Totals: Codable, Equatable {
    var files = 0
    var dicomFiles = 0
    var maskFiles = 0
    var otherFiles = 0
    var studies = 0
    var bytes: Int64 = 0
  }

  private enum Kind: Int64 { case other = 0, dicom, mask, unreadable }

  let database: DatabaseQueue

  /// Opens or makes an index. Throws `.cannotWrite`.
  init(path: String) throws {
    do {
      database = try Self.open(path)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB {
      // A cache that is damaged is made anew.
      for suffix in ["", "-wal", "-shm"] { FileSystem.remove(path + suffix) }
      database = try DatabaseFailure.translate("the index") { try Self.open(path) }
    } catch {
      throw DatabaseFailure.failure("the index", error)
    }
  }

  private static func open(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      // A cache may lose its last seconds in a power cut, but never its integrity.
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      try database.execute(sql: "PRAGMA cache_size = -16000")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS folder (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, walk INTEGER NOT NULL);
          CREATE TABLE IF NOT EXISTS study (
            id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, fingerprint TEXT, files INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0);
          CREATE TABLE IF NOT EXISTS file (
            folder INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            kind INTEGER NOT NULL, study INTEGER, sop TEXT, reason TEXT, PRIMARY KEY (folder, name)) WITHOUT ROWID;
          CREATE INDEX IF NOT EXISTS file_of_study ON file (study) WHERE study IS NOT NULL;
          CREATE INDEX IF NOT EXISTS odd_file ON file (kind) WHERE kind > 1;
          CREATE INDEX IF NOT EXISTS changed_study ON study (id) WHERE fingerprint IS NULL;
          CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
          """)
    }
    return queue
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try DatabaseFailure.translate("the index") { try database.write(body) }
  }

  private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try DatabaseFailure.translate("the index") { try database.read(body) }
  }

  // MARK: The walk

  /// Begins a walk over the archive at `root`; returns its number. Another root than before empties the index.
  func beginWalk(root: String) throws -> Int64 {
    try write { database in
      if try String.fetchOne(database, sql: "SELECT value FROM state WHERE name = 'root'") != root {
        try database.execute(
          sql: "DELETE FROM file; DELETE FROM folder; DELETE FROM study; DELETE FROM state WHERE name <> 'walk'")
        try database.execute(sql: "INSERT INTO state VALUES ('root', ?)", arguments: [root])
      }
      let walk = (try Int64.fetchOne(database, sql: "SELECT value FROM state WHERE name = 'walk'") ?? 0) + 1
      try database.execute(sql: "INSERT OR REPLACE INTO state VALUES ('walk', ?)", arguments: [walk])
      return walk
    }
  }

  /// The files that the index holds of a folder, by name.
  func knownFiles(in folder: String) throws -> [String: KnownFile] {
    try read { database in
      let rows = try Row.fetchCursor(
        database.cachedStatement(
          sql: "SELECT name, size, modified FROM file WHERE folder = (SELECT id FROM folder WHERE path = ?)"),
        arguments: [folder])
      var known: [String: KnownFile] = [:]
      while let row = try rows.next() { known[row[0]] = KnownFile(size: row[1], modified: row[2]) }
      return known
    }
  }

  /// Notes in one transaction which folders a walk saw, which of their files are gone, and what the headers of new
  /// files say. A study that gains, changes or loses a file loses its fingerprint.
  func record(walk: Int64, folders: [String], gone: [(folder: String, name: String)], entries: [FileEntry]) throws {
    guard !(folders.isEmpty && gone.isEmpty && entries.isEmpty) else { return }
    try write { database in
      for folder in folders {
        try database.cachedStatement(
          sql: "INSERT INTO folder (path, walk) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET walk = excluded.walk"
        ).execute(arguments: [folder, walk])
      }
      for item in gone { try Self.remove(database, folder: Self.folder(database, item.folder, walk), name: item.name) }
      var last = LastRows()
      for entry in entries { try Self.insert(database, entry, walk, &last) }
    }
  }

  /// Rows that the file before used: neighbours mostly share folder and study.
  private struct LastRows {
    var folder: (path: String, id: Int64)?
    var study: (uid: String, id: Int64?)?
  }

  private static func folder(_ database: Database, _ path: String, _ walk: Int64) throws -> Int64 {
    if let identifier = try Int64.fetchOne(
      database.cachedStatement(sql: "SELECT id FROM folder WHERE path = ?"), arguments: [path])
    {
      return identifier
    }
    try database.cachedStatement(sql: "INSERT INTO folder (path, walk) VALUES (?, ?)").execute(arguments: [path, walk])
    return database.lastInsertedRowID
  }

  private static func remove(_ database: Database, folder: Int64, name: String) throws {
    try database.cachedStatement(
      sql: "UPDATE study SET fingerprint = NULL WHERE id = (SELECT study FROM file WHERE folder = ? AND name = ?)"
    ).execute(arguments: [folder, name])
    try database.cachedStatement(sql: "DELETE FROM file WHERE folder = ? AND name = ?").execute(arguments: [
      folder, name,
    ])
  }

  private static func insert(
    _ database: Database, _ entry: FileEntry, _ walk: Int64, _ last: inout LastRows
  ) throws {
    if last.folder?.path != entry.folder { last.folder = (entry.folder, try folder(database, entry.folder, walk)) }
    let folder = last.folder?.id ?? 0
    var kind = Kind.other
    var study: Int64?
    var sop: String?
    var unreadable: String?
    switch entry.header {
    case .other: if MaskFileName.isMask(entry.name) { kind = .mask }
    case .unreadable(let reason): (kind, unreadable) = (.unreadable, reason)
    case .dicom(let studyUID, let sopUID):
      kind = .dicom
      sop = sopUID
      if last.study?.uid != studyUID {
        let identifier = try Int64.fetchOne(
          database.cachedStatement(
            sql: """
              INSERT INTO study (uid) VALUES (?) ON CONFLICT (uid) DO UPDATE SET fingerprint = NULL RETURNING id
              """), arguments: [studyUID])
        last.study = (studyUID, identifier)
      }
      study = last.study?.id
    }
    let statement = try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO file (folder, name, size, modified, kind, study, sop, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let values: StatementArguments = [
      folder, entry.name, entry.size, entry.modified, kind.rawValue, study, sop, unreadable,
    ]
    try statement.execute(arguments: values)
    if database.changesCount == 0 {
      // A file that was known: what it was goes first, and the study that it leaves loses its fingerprint.
      try remove(database, folder: folder, name: entry.name)
      try statement.execute(arguments: values)
    }
    if kind == .mask { try database.execute(sql: "INSERT OR REPLACE INTO state VALUES ('masks_changed', '1')") }
  }

  /// Ends a complete walk: forgets folders that it did not see, gives mask files to their studies, and computes the
  /// fingerprints of studies that changed.
  func endWalk(_ walk: Int64) throws {
    try write { database in
      try database.execute(
        sql: """
          UPDATE study SET fingerprint = NULL WHERE id IN (
            SELECT file.study FROM folder JOIN file ON file.folder = folder.id WHERE folder.walk <> :walk);
          DELETE FROM file WHERE folder IN (SELECT id FROM folder WHERE walk <> :walk);
          DELETE FROM folder WHERE walk <> :walk
          """, arguments: ["walk": walk])
    }
    try assignMasks()
    try computeFingerprints()
  }

  // MARK: Masks beside studies

  /// Gives each mask file to the one study whose DICOM files lie in or below its folder, or else in or below the
  /// nearest folder above that holds any. Where that is more than one study the file belongs to none.
  private func assignMasks() throws {
    let changed = try read { database in
      try String.fetchOne(database, sql: "SELECT value FROM state WHERE name = 'masks_changed'") != nil
        || Int64.fetchOne(database, sql: "SELECT id FROM study WHERE fingerprint IS NULL LIMIT 1") != nil
    }
    guard changed else { return }
    try write { database in
      let masks = try Row.fetchAll(
        database,
        sql: """
          SELECT file.folder, file.name, folder.path, file.study FROM file JOIN folder ON folder.id = file.folder
          WHERE file.kind = 2
          """)
      for mask in masks {
        let study = try Self.studyBeside(database, folder: mask[2])
        let before: Int64? = mask[3]
        guard study != before else { continue }
        try database.cachedStatement(sql: "UPDATE file SET study = ? WHERE folder = ? AND name = ?")
          .execute(arguments: [study, mask[0] as Int64, mask[1] as String])
        for touched in [study, before].compactMap({ $0 }) {
          try database.execute(sql: "UPDATE study SET fingerprint = NULL WHERE id = ?", arguments: [touched])
        }
      }
      try database.execute(sql: "DELETE FROM state WHERE name = 'masks_changed'")
    }
  }

  private static func studyBeside(_ database: Database, folder: String) throws -> Int64? {
    var folder = folder
    while true {
      // '0' follows '/' in byte order: the range holds the folder's descendants and nothing else.
      let below = folder.isEmpty ? ("", "\u{10FFFF}") : (folder + "/", folder + "0")
      let studies = try Int64.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT DISTINCT file.study FROM folder JOIN file ON file.folder = folder.id
            WHERE (folder.path = ? OR (folder.path >= ? AND folder.path < ?)) AND file.kind = 1 LIMIT 2
            """), arguments: [folder, below.0, below.1])
      if !studies.isEmpty { return studies.count == 1 ? studies[0] : nil }
      if folder.isEmpty { return nil }
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    }
  }

  // MARK: Studies

  private func computeFingerprints() throws {
    while true {
      let changed = try read { database in
        try Int64.fetchAll(database, sql: "SELECT id FROM study WHERE fingerprint IS NULL ORDER BY id LIMIT 500")
      }
      if changed.isEmpty { return }
      try write { database in for study in changed { try Self.computeFingerprint(database, study) } }
    }
  }

  private static func computeFingerprint(_ database: Database, _ study: Int64) throws {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT coalesce(sop, name), size, modified, kind FROM file WHERE study = ?
          ORDER BY kind, coalesce(sop, name), size, modified
          """), arguments: [study])
    var text = ""
    var files = 0
    var dicomFiles = 0
    var bytes: Int64 = 0
    while let row = try rows.next() {
      let size: Int64 = row[1]
      text += "\(row[0] as String)\u{0}\(size)\u{0}\(row[2] as Int64)\n"
      files += 1
      bytes += size
      if row[3] as Int64 == Kind.dicom.rawValue { dicomFiles += 1 }
    }
    guard dicomFiles > 0 else {
      try database.execute(sql: "UPDATE file SET study = NULL WHERE study = ?", arguments: [study])
      try database.execute(sql: "DELETE FROM study WHERE id = ?", arguments: [study])
      return
    }
    try database.cachedStatement(sql: "UPDATE study SET fingerprint = ?, files = ?, bytes = ? WHERE id = ?")
      .execute(arguments: [Digest.sha256(Array(text.utf8)), files, bytes, study])
  }

  /// Up to `limit` studies after `uid` in ascending order of UID.
  func studies(after uid: String, limit: Int) throws -> [StudyEntry] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: "SELECT id, uid, fingerprint, files, bytes FROM study WHERE uid > ? ORDER BY uid LIMIT ?"),
        arguments: [uid, limit]
      ).map {
        StudyEntry(identifier: $0[0], studyInstanceUID: $0[1], fingerprint: $0[2] ?? "", files: $0[3], bytes: $0[4])
      }
    }
  }

  /// One study by its number in the index.
  func study(_ identifier: Int64) throws -> StudyEntry {
    try read { database in
      guard
        let row = try Row.fetchOne(
          database.cachedStatement(sql: "SELECT id, uid, fingerprint, files, bytes FROM study WHERE id = ?"),
          arguments: [identifier])
      else { throw BatchFailure(.internalError, "the index lost a study") }
      return StudyEntry(
        identifier: row[0], studyInstanceUID: row[1], fingerprint: row[2] ?? "", files: row[3], bytes: row[4])
    }
  }

  /// A study's files below the archive's root with their size and modification time, ordered by path.
  func files(of study: Int64) throws -> (
    dicom: [(path: String, known: KnownFile)], masks: [(path: String, known: KnownFile)]
  ) {
    let rows = try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT folder.path, file.name, file.size, file.modified, file.kind FROM file JOIN folder ON folder.id = file.folder
            WHERE file.study = ? ORDER BY folder.path, file.name
            """), arguments: [study])
    }
    let all = rows.map { row in
      let folder: String = row[0]
      return (
        path: folder.isEmpty ? row[1] as String : "\(folder)/\(row[1] as String)",
        known: KnownFile(size: row[2], modified: row[3]), isMask: row[4] as Int64 == Kind.mask.rawValue
      )
    }
    return (all.filter { !$0.isMask }.map { ($0.path, $0.known) }, all.filter(\.isMask).map { ($0.path, $0.known) })
  }

  func totals() throws -> Totals {
    try read { database in
      var totals = Totals()
      let rows = try Row.fetchCursor(database, sql: "SELECT kind, count(*), sum(size) FROM file GROUP BY kind")
      while let row = try rows.next() {
        let count: Int = row[1]
        totals.files += count
        switch Kind(rawValue: row[0]) {
        case .dicom: (totals.dicomFiles, totals.bytes) = (count, row[2])
        case .mask: totals.maskFiles = count
        default: totals.otherFiles += count
        }
      }
      totals.studies = try Int.fetchOne(database, sql: "SELECT count(*) FROM study") ?? 0
      return totals
    }
  }

  /// Files that belong to no study though they should: the reason and how many.
  func strayFiles() throws -> [(reason: String, count: Int)] {
    try read { database in
      let unreadable = try Row.fetchAll(
        database, sql: "SELECT reason, count(*) FROM file WHERE kind = 3 GROUP BY reason ORDER BY reason"
      ).map { (reason: $0[0] as String? ?? "unreadable", count: $0[1] as Int) }
      let masks = try Int.fetchOne(database, sql: "SELECT count(*) FROM file WHERE kind = 2 AND study IS NULL") ?? 0
      return unreadable + (masks == 0 ? [] : [(reason: "a mask file that stands beside no single study", count: masks)])
    }
  }

  /// Makes the index one file again.
  func close() throws {
    try DatabaseFailure.translate("the index") {
      try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try database.close()
    }
  }

  /// Copies another index into a new file at `path`, which then serves as this run's own.
  static func copy(from source: String, to path: String) throws {
    try DatabaseFailure.translate("the index") {
      var configuration = Configuration()
      configuration.readonly = true
      let from = try DatabaseQueue(path: source, configuration: configuration)
      let temporary = path + ".tmp"
      FileSystem.remove(temporary)
      try from.backup(to: DatabaseQueue(path: temporary))
      try FileSystem.move(temporary, to: path)
    }
  }
}

/// Names of files that may hold masks.
enum MaskFileName {
  static let endings = [".nii", ".nii.gz", ".nrrd", ".mrk.json"]

  static func isMask(_ name: String) -> Bool {
    let lower = name.lowercased()
    return endings.contains { lower.hasSuffix($0) }
  }

  /// `lesions.*`: taken as lesions without being named.
  static func isLesions(_ name: String) -> Bool { name.lowercased().hasPrefix("lesions.") && isMask(name) }
}
