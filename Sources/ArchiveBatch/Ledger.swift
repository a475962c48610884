internal import Foundation
internal import GRDB

/// What became of every study, in SQLite beside the results. A row is written after the study's files are durable in
/// their place, and it is on the disk before the run goes on (`synchronous = FULL`): whatever interrupts a run, a row
/// never speaks of a result that is not there.
final class Ledger: Sendable {
  enum Outcome: String, Sendable, Codable, CaseIterable {
    /// features.json is there and nothing was refused.
    case done
    /// features.json is there; a series or a lesion was refused.
    case doneWithRefusals = "done_with_refusals"
    /// The study has no result, for a reason that a second run would find again.
    case refused
    /// The worker died or was stopped: retried only when asked.
    case failed

    var hasResult: Bool { self == .done || self == .doneWithRefusals }
  }

  /// One study's row.
  struct Record: Sendable, Equatable {
    var studyKey: String
    /// The UID as the outputs show it.
    var studyInstanceUID: String
    var patientKey: String
    var outcome: Outcome
    var fingerprint: String
    var inputDigest: String
    var configurationDigest: String
    var engineVersion: String
    /// SHA-256 of features.json; empty without a result.
    var featuresDigest: String
    var lesionCount: Int
    var lesionRows: String
    var refusals: [StudyResult.Refusal]
    var reason: String?
    var signal: Int?
    var lastStage: String?
    var neededMegabytes: Int?
    var seconds: Double
    var peakMemoryMegabytes: Int
  }

  let database: DatabaseQueue

  /// Opens or makes a ledger. Throws `.cannotWrite`; a damaged ledger is not overwritten.
  init(path: String, readOnly: Bool = false) throws {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.prepareDatabase { database in
      guard !readOnly else { return }
      // One process holds the output's lock, so SQLite needs no shared memory file, which network mounts lack.
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    database = try DatabaseFailure.translate("the ledger") { [configuration] in
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      if !readOnly { try queue.write(Self.makeTables) }
      return queue
    }
  }

  private static func makeTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS study (
          id INTEGER PRIMARY KEY, study_key TEXT NOT NULL UNIQUE, study_uid TEXT NOT NULL, patient_key TEXT NOT NULL,
          outcome TEXT NOT NULL, fingerprint TEXT NOT NULL, input_digest TEXT NOT NULL, config_digest TEXT NOT NULL,
          engine_version TEXT NOT NULL, features_digest TEXT NOT NULL, lesion_count INTEGER NOT NULL,
          lesion_rows TEXT NOT NULL, refusals TEXT NOT NULL, reason TEXT, signal INTEGER, last_stage TEXT,
          needed_mb INTEGER, seconds REAL NOT NULL, peak_mb INTEGER NOT NULL, run INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX IF NOT EXISTS study_in_table_order ON study (run, patient_key, study_uid);
        CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, started TEXT NOT NULL, lesions_header TEXT, finished TEXT);
        """)
  }

  private func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try DatabaseFailure.translate("the ledger") { try database.write(body) }
  }

  /// Begins a run; its number marks the studies that belong to the tables.
  func beginRun(started: String) throws -> Int64 {
    try write { database in
      try database.execute(sql: "INSERT INTO run (started) VALUES (?)", arguments: [started])
      return database.lastInsertedRowID
    }
  }

  func record(forKey key: String) throws -> Record? {
    try DatabaseFailure.translate("the ledger") {
      try database.read { database in
        try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM study WHERE study_key = ?"), arguments: [key])
          .map(Self.record)
      }
    }
  }

  /// A study's row if it belongs to this run.
  func record(forKey key: String, run: Int64) throws -> Record? {
    let belongs = try DatabaseFailure.translate("the ledger") {
      try database.read { database in
        try Bool.fetchOne(
          database.cachedStatement(sql: "SELECT run = ? FROM study WHERE study_key = ?"), arguments: [run, key])
          ?? false
      }
    }
    return belongs ? try record(forKey: key) : nil
  }

  private static func record(_ row: Row) throws -> Record {
    Record(
      studyKey: row["study_key"], studyInstanceUID: row["study_uid"], patientKey: row["patient_key"],
      outcome: Outcome(rawValue: row["outcome"]) ?? .failed, fingerprint: row["fingerprint"],
      inputDigest: row["input_digest"], configurationDigest: row["config_digest"],
      engineVersion: row["engine_version"], featuresDigest: row["features_digest"], lesionCount: row["lesion_count"],
      lesionRows: row["lesion_rows"],
      refusals: try JSONDecoder().decode([StudyResult.Refusal].self, from: Data((row["refusals"] as String).utf8)),
      reason: row["reason"], signal: row["signal"], lastStage: row["last_stage"], neededMegabytes: row["needed_mb"],
      seconds: row["seconds"], peakMemoryMegabytes: row["peak_mb"])
  }

  /// Writes one study's row; durable on return.
  func save(_ record: Record, run: Int64) throws {
    let refusals = String(decoding: try JSONEncoder().encode(record.refusals), as: UTF8.self)
    try write { database in
      try database.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO study (study_key, study_uid, patient_key, outcome, fingerprint, input_digest,
            config_digest, engine_version, features_digest, lesion_count, lesion_rows, refusals, reason, signal,
            last_stage, needed_mb, seconds, peak_mb, run)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        record.studyKey, record.studyInstanceUID, record.patientKey, record.outcome.rawValue, record.fingerprint,
        record.inputDigest, record.configurationDigest, record.engineVersion, record.featuresDigest,
        record.lesionCount, record.lesionRows, refusals, record.reason, record.signal, record.lastStage,
        record.neededMegabytes, record.seconds, record.peakMemoryMegabytes, run,
      ])
    }
  }

  /// Takes earlier results over into this run's tables.
  func keep(_ keys: [String], run: Int64) throws {
    guard !keys.isEmpty else { return }
    try write { database in
      for key in keys {
        try database.cachedStatement(sql: "UPDATE study SET run = ? WHERE study_key = ?").execute(arguments: [run, key])
      }
    }
  }

  /// Visits the run's studies in table order (patient key, then study UID), one at a time.
  func forEach(run: Int64, _ body: (Record) throws -> Void) throws {
    try DatabaseFailure.translate("the ledger") {
      try database.read { database in
        let rows = try Row.fetchCursor(
          database, sql: "SELECT * FROM study WHERE run = ? ORDER BY patient_key, study_uid", arguments: [run])
        while let row = try rows.next() { try body(Self.record(row)) }
      }
    }
  }

  /// The number of the last run; 0 before the first.
  func lastRun() throws -> Int64 {
    try DatabaseFailure.translate("the ledger") {
      try database.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM run") ?? 0 }
    }
  }

  /// Marks a run as complete: its studies are all there, and these are the columns of its lesion rows.
  func finishRun(_ run: Int64, at time: String, lesionsHeader: String) throws {
    try write {
      try $0.execute(
        sql: "UPDATE run SET finished = ?, lesions_header = ? WHERE id = ?", arguments: [time, lesionsHeader, run])
    }
  }

  /// The columns of a complete run's lesion rows; `nil` when the run did not end.
  func lesionsHeader(ofFinishedRun run: Int64) throws -> String? {
    try DatabaseFailure.translate("the ledger") {
      try database.read {
        try String.fetchOne(
          $0, sql: "SELECT lesions_header FROM run WHERE id = ? AND finished IS NOT NULL", arguments: [run])
      }
    }
  }

  /// Studies by outcome in this run, and those of earlier runs that this run's archive does not hold.
  func counts(run: Int64) throws -> (outcomes: [Outcome: Int], absent: Int, lesions: Int) {
    try DatabaseFailure.translate("the ledger") {
      try database.read { database in
        var outcomes: [Outcome: Int] = [:]
        let rows = try Row.fetchCursor(
          database, sql: "SELECT outcome, count(*) FROM study WHERE run = ? GROUP BY outcome", arguments: [run])
        while let row = try rows.next() { outcomes[Outcome(rawValue: row[0]) ?? .failed] = row[1] }
        let absent = try Int.fetchOne(database, sql: "SELECT count(*) FROM study WHERE run <> ?", arguments: [run]) ?? 0
        let lesions =
          try Int.fetchOne(database, sql: "SELECT sum(lesion_count) FROM study WHERE run = ?", arguments: [run]) ?? 0
        return (outcomes, absent, lesions)
      }
    }
  }

  /// Ends the write-ahead log so that the ledger is one file again, for copying and for `merge`.
  func close() throws {
    try DatabaseFailure.translate("the ledger") {
      try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
      try database.close()
    }
  }

  /// Lets go of a ledger that was opened for reading.
  func closeReadOnly() { try? database.close() }
}
