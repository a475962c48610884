internal import Foundation

/// What to tell a server of who we are: from the environment or from netrc, never from the command line, which every
/// user of a machine can read.
package struct Credentials: Equatable {
  /// The value of the Authorization header.
  package var authorization: String
  /// Where they were found, for messages.
  package var origin: String

  /// In this order: `SPINEMET_DICOMWEB_TOKEN` (bearer), `SPINEMET_DICOMWEB_USER` with `SPINEMET_DICOMWEB_PASSWORD`
  /// (basic), the netrc file (`NETRC`, else `~/.netrc`).
  package static func find(host: String, environment: [String: String] = ProcessInfo.processInfo.environment)
    -> Credentials?
  {
    if let token = environment["SPINEMET_DICOMWEB_TOKEN"], !token.isEmpty {
      return Credentials(authorization: "Bearer \(token)", origin: "SPINEMET_DICOMWEB_TOKEN")
    }
    if let user = environment["SPINEMET_DICOMWEB_USER"], !user.isEmpty {
      return basic(user, environment["SPINEMET_DICOMWEB_PASSWORD"] ?? "", origin: "SPINEMET_DICOMWEB_USER")
    }
    let path = environment["NETRC"] ?? (environment["HOME"] ?? "") + "/.netrc"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let entry = Netrc(text).entry(host: host)
    else { return nil }
    return basic(entry.login, entry.password, origin: "netrc")
  }

  private static func basic(_ user: String, _ password: String, origin: String) -> Credentials {
    Credentials(authorization: "Basic " + Data("\(user):\(password)".utf8).base64EncodedString(), origin: origin)
  }
}

/// A netrc file: `machine HOST login NAME password SECRET`, `default`, `macdef`, comments, quoted values.
package struct Netrc {
  package struct Entry: Equatable {
    package var login = ""
    package var password = ""

    package init(login: String = "", password: String = "") {
      self.login = login
      self.password = password
    }
  }

  private var machines: [(host: String, entry: Entry)] = []
  private var fallback: Entry?

  package func entry(host: String) -> Entry? { machines.first { $0.host == host }?.entry ?? fallback }

  package init(_ text: String) {
    var tokens = Self.tokens(text)[...]
    var host: String?
    var entry: Entry?
    func keep(_ machines: inout [(host: String, entry: Entry)], _ fallback: inout Entry?) {
      guard let entry else { return }
      if let host { machines.append((host, entry)) } else if fallback == nil { fallback = entry }
    }
    while let token = tokens.popFirst() {
      switch token {
      case "machine":
        keep(&machines, &fallback)
        host = tokens.popFirst()
        entry = Entry()
      case "default":
        keep(&machines, &fallback)
        host = nil
        entry = Entry()
      case "login": entry?.login = tokens.popFirst() ?? ""
      case "password": entry?.password = tokens.popFirst() ?? ""
      case "account": _ = tokens.popFirst()
      default: break
      }
    }
    keep(&machines, &fallback)
  }

  /// Words outside comments and macros.
  private static func tokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var inMacro = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if inMacro {
        inMacro = !line.allSatisfy(\.isWhitespace)
        continue
      }
      let words = words(line)
      if let macro = words.firstIndex(of: "macdef") {
        tokens += words[..<macro]
        inMacro = true
      } else {
        tokens += words
      }
    }
    return tokens
  }

  /// A value in double quotes may hold spaces, and `\"` and `\\`. A word that begins with # starts a comment.
  private static func words(_ line: Substring) -> [String] {
    var words: [String] = []
    var rest = line.drop(while: \.isWhitespace)
    while let first = rest.first, first != "#" {
      var word = ""
      if first == "\"" {
        rest.removeFirst()
        while let character = rest.popFirst(), character != "\"" {
          word.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
      } else {
        word = String(rest.prefix { !$0.isWhitespace })
        rest.removeFirst(word.count)
      }
      words.append(word)
      rest = rest.drop(while: \.isWhitespace)
    }
    return words
  }
}
