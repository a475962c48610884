public import Foundation
internal import Glibc

/// Who hears how far a run is. The library itself never prints.
public protocol ProgressReport: AnyObject {
  func indexing(filesSeen: Int, headersRead: Int)
  func indexed(files: Int, studies: Int, seconds: Double)
  func starting(studies: Int, alreadyDone: Int)
  func running(done: Int, refused: Int, failed: Int, total: Int)
  /// A study that has no result; names the study's key, never a patient.
  func problem(studyKey: String, reason: String)
  func finished()
}

/// Silence.
public final class QuietProgress: ProgressReport {
  public init() {}
  public func indexing(filesSeen: Int, headersRead: Int) {}
  public func indexed(files: Int, studies: Int, seconds: Double) {}
  public func starting(studies: Int, alreadyDone: Int) {}
  public func running(done: Int, refused: Int, failed: Int, total: Int) {}
  public func problem(studyKey: String, reason: String) {}
  public func finished() {}
}

/// A line that rewrites itself on a terminal, or plain lines (or JSON lines) in a file or a pipe.
public final class LineProgress: ProgressReport {
  private let output: FileHandle
  private let isTerminal: Bool
  private let json: Bool
  /// Seconds between two reports: ten a second on a terminal would flicker, and logs should stay short.
  private let interval: Double
  private var began = Date()
  private var lastReport = Date.distantPast
  private var lineIsOpen = false

  public init(output: FileHandle = .standardError, json: Bool = false) {
    self.output = output
    self.json = json
    isTerminal = !json && isatty(output.fileDescriptor) == 1
    interval = isTerminal ? 0.25 : 15
  }

  public func indexing(filesSeen: Int, headersRead: Int) {
    report(
      event: "indexing", text: "reading headers: \(filesSeen) files seen, \(headersRead) read",
      fields: ["files_seen": filesSeen, "headers_read": headersRead])
  }

  public func indexed(files: Int, studies: Int, seconds: Double) {
    line(
      event: "indexed", text: "\(studies) studies in \(files) files (\(Self.figure(seconds)) s)",
      fields: ["files": files, "studies": studies])
  }

  public func starting(studies: Int, alreadyDone: Int) {
    began = Date()
    line(
      event: "starting", text: "\(studies) studies to do" + (alreadyDone > 0 ? ", \(alreadyDone) already done" : ""),
      fields: ["studies": studies, "already_done": alreadyDone])
  }

  public func running(done: Int, refused: Int, failed: Int, total: Int) {
    let finished = done + refused + failed
    let seconds = Date().timeIntervalSince(began)
    let rate = seconds > 0 ? Double(finished) / seconds * 60 : 0
    var text = "\(finished)/\(total) studies, \(Self.figure(rate))/min"
    if rate > 0 && finished < total { text += ", \(Self.duration(Double(total - finished) / rate * 60)) left" }
    if refused > 0 { text += ", \(refused) refused" }
    if failed > 0 { text += ", \(failed) failed" }
    report(
      event: "running", text: text,
      fields: ["done": done, "refused": refused, "failed": failed, "total": total], isLast: finished == total)
  }

  public func problem(studyKey: String, reason: String) {
    line(event: "problem", text: "study \(studyKey): \(reason)", words: ["study_key": studyKey, "reason": reason])
  }

  public func finished() { closeLine() }

  private func report(event: String, text: String, fields: [String: Int], isLast: Bool = false) {
    guard isLast || Date().timeIntervalSince(lastReport) >= interval else { return }
    lastReport = Date()
    guard isTerminal else { return line(event: event, text: text, fields: fields) }
    lineIsOpen = true
    put("\r\u{1B}[K\(text)")
  }

  private func line(event: String, text: String, fields: [String: Int] = [:], words: [String: String] = [:]) {
    closeLine()
    guard json else { return put("\(text)\n") }
    var object: [String: Any] = ["event": event]
    object.merge(fields) { $1 }
    object.merge(words) { $1 }
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]) else { return }
    put(String(decoding: data, as: UTF8.self) + "\n")
  }

  private func closeLine() {
    if lineIsOpen { put("\n") }
    lineIsOpen = false
  }

  private func put(_ text: String) { try? output.write(contentsOf: Data(text.utf8)) }

  private static func figure(_ value: Double) -> String { String(format: value < 10 ? "%.1f" : "%.0f", value) }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 90 { return "\(whole) s" }
    return whole < 5400 ? "\(whole / 60) min" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
