internal import GRDB

/// A server's studies, listed page by page; the index then holds their UIDs and no files.
extension ArchiveIndex {
  func beginStudyList(of server: String) throws -> Int64 {
    let list = try beginWalk(root: server)
    try DatabaseFailure.translate("the index") {
      try database.write {
        try $0.execute(sql: "CREATE TABLE IF NOT EXISTS listed (uid TEXT PRIMARY KEY, list INTEGER) WITHOUT ROWID")
      }
    }
    return list
  }

  func addToStudyList(_ list: Int64, _ uids: [String]) throws {
    try DatabaseFailure.translate("the index") {
      try database.write { database in
        for uid in uids {
          try database.cachedStatement(sql: "INSERT OR REPLACE INTO listed VALUES (?, ?)").execute(arguments: [
            uid, list,
          ])
          try database.cachedStatement(
            sql: "INSERT INTO study (uid, fingerprint) VALUES (?, '') ON CONFLICT (uid) DO NOTHING"
          ).execute(arguments: [uid])
        }
      }
    }
  }

  /// Forgets studies that this list did not name; returns how many it did.
  func endStudyList(_ list: Int64) throws -> Int {
    try DatabaseFailure.translate("the index") {
      try database.write { database in
        try database.execute(sql: "DELETE FROM listed WHERE list <> ?", arguments: [list])
        try database.execute(sql: "DELETE FROM study WHERE uid NOT IN (SELECT uid FROM listed)")
        return try Int.fetchOne(database, sql: "SELECT count(*) FROM study") ?? 0
      }
    }
  }
}
