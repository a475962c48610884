import Imaging

/// The free text of a series as a witness.
struct SeriesText {
  /// Words in order.
  let words: [String]

  init(_ text: String) { words = Self.tokens(text) }

  var isEmpty: Bool { words.isEmpty }

  /// What the text says, each meaning once.
  func testimony(weight: Double, source: String) -> [Testimony] {
    guard !isEmpty else { return [] }
    var result: [Testimony] = []
    for rule in SeriesWords.rules where rule.patterns.contains(where: matches) {
      for claim in rule.claims {
        result.append(Testimony(claim.claim, weight * claim.factor, "\(source): \(rule.meaning)"))
      }
    }
    result += flair(weight: weight, source: source)
    result += dixonLetter(weight: weight, source: source)
    if let phase = contrastPhase {
      result.append(
        Testimony(
          .contrast(phase), weight,
          "\(source): \(phase == .post ? "contrast agent" : "before or without contrast agent")"))
    }
    return result
  }

  /// T1 FLAIR is a T1 weighting (the spine's fluid-attenuated T1); FLAIR alone or with T2 is neither.
  private func flair(weight: Double, source: String) -> [Testimony] {
    guard matches("flair~"), !matches("t1~") else { return [] }
    return [Testimony(.weighting(.other), weight * 2.2, "\(source): FLAIR")]
  }

  /// A single letter says which image of a Dixon series it is.
  private func dixonLetter(weight: Double, source: String) -> [Testimony] {
    guard words.contains(where: { $0.contains("dixon") || $0.hasPrefix("ideal") || $0 == "flex" || $0 == "lava" })
    else {
      return []
    }
    if words.contains("w") { return [Testimony(.fatSuppressed(true), weight, "\(source): Dixon water image")] }
    if words.contains("f") { return [Testimony(.excluded(.fatImage), weight, "\(source): Dixon fat image")] }
    return []
  }

  // MARK: Contrast

  /// Before or after the agent by the words; `nil` where the text is silent or says both.
  var contrastPhase: ContrastPhase? {
    let saysWithout = words.contains("without") || words.contains("wo")
    if saysWithout, words.contains("with") || words.contains("w"), !words.contains("fs") { return nil }
    var post = SeriesWords.postAlone.contains { matches($0) && !isOperation($0) }
    var pre = SeriesWords.preAlone.contains { matches($0) && !isWithoutFat($0) }
    for index in words.indices where SeriesWords.agent.contains(where: { matches($0, at: index) }) {
      let before = words[max(0, index - 2)..<index]
      if before.contains(where: { SeriesWords.without.contains($0) })
        || (index > 1 && words[index - 2...index - 1] == ["w", "o"])
      {
        pre = true
        if before.contains("pre") || before.contains("vor") || before.contains("avant") {
          post = post && matches("post")
        }
      } else {
        post = true
      }
    }
    if post, pre { return nil }
    return post ? .post : pre ? .pre : nil
  }

  private func isOperation(_ pattern: String) -> Bool {
    guard pattern == "post", let index = words.firstIndex(of: "post") else { return false }
    guard index + 1 < words.count else { return false }
    return SeriesWords.notAgentAfterPost.contains { matches($0, at: index + 1) }
  }

  /// "without FS" speaks of fat.
  private func isWithoutFat(_ pattern: String) -> Bool {
    guard pattern == "without" || pattern == "wo", let index = words.firstIndex(of: pattern), index + 1 < words.count
    else { return false }
    return words[index + 1].hasPrefix("f") || words[index + 1].hasPrefix("sat")
  }

  // MARK: Matching

  func matches(_ pattern: String) -> Bool { words.indices.contains { matches(pattern, at: $0) } }

  /// A pattern of one or more words at a place; `x~` matches the beginning of a word, where a weighting may not run
  /// into a digit ("t1~" is not in "t12").
  func matches(_ pattern: String, at index: Int) -> Bool {
    // Nearly all fail at the first letter. (Patterns in scripts without spaces, which match anywhere, begin above ASCII.)
    if let first = pattern.utf8.first, first < 0x80, words[index].utf8.first != first { return false }
    let parts = pattern.split(separator: " ")
    guard index + parts.count <= words.count else { return false }
    for (offset, part) in parts.enumerated() {
      let word = words[index + offset]
      if part.last == "~" {
        let beginning = part.dropLast()
        guard word.hasPrefix(beginning) else { return false }
        if let next = word.dropFirst(beginning.count).first, next.isNumber, beginning.last?.isNumber == true {
          return false
        }
      } else if part.unicodeScalars.contains(where: { $0.value > 0x2E80 }) {
        // Scripts without spaces: anywhere in the word.
        guard contains(word, part) else { return false }
      } else if word != part {
        return false
      }
    }
    return true
  }

  private func contains(_ word: String, _ part: Substring) -> Bool {
    var rest = word[...]
    while !rest.isEmpty {
      if rest.hasPrefix(part) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  // MARK: Cutting

  /// Lower-case words without accents. `+` and `*` become the words `plus` and `star`; a plane glued to a weighting
  /// ("sagT2", "t1sag") is cut off.
  static func tokens(_ text: String) -> [String] {
    var words = SegmentNaming.words(withoutLevels(spaced(text))).flatMap(unglued)
    // "T1 W", "T 2": printed with a space.
    for index in words.indices.dropLast().reversed() where words[index] == "t" && ["1", "2"].contains(words[index + 1])
    {
      words.replaceSubrange(index...(index + 1), with: ["t" + words[index + 1]])
    }
    return words
  }

  private static func spaced(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "+": result += " plus "
      case "*": result += " star "
      default: result.append(character)
      }
    }
    return result
  }

  /// Takes out ranges of vertebrae such as "T1-T6", "C2 - T1", "Th12-L1". Of "T1-T2" nothing is taken, since it may
  /// name two weightings.
  private static func withoutLevels(_ text: String) -> String {
    let characters = Array(text.lowercased())
    var keep = [Bool](repeating: true, count: characters.count)
    var index = 0
    while index < characters.count {
      if let first = level(characters, index), let gap = separator(characters, first.end),
        let second = level(characters, gap)
      {
        let weightings = [first, second].allSatisfy { $0.letter == "t" && $0.number <= 2 }
        if !weightings {
          for place in index..<second.end { keep[place] = false }
          index = second.end
          continue
        }
      }
      index += 1
    }
    return String(characters.indices.map { keep[$0] ? characters[$0] : " " })
  }

  private static func level(_ text: [Character], _ start: Int) -> (letter: Character, number: Int, end: Int)? {
    guard start < text.count, "ctdls".contains(text[start]) else { return nil }
    if start > 0, text[start - 1].isLetter || text[start - 1].isNumber { return nil }
    var end = start + 1
    if end < text.count, text[start] == "t", text[end] == "h" { end += 1 }
    var digits = ""
    while end < text.count, text[end].isNumber, digits.count < 3 {
      digits.append(text[end])
      end += 1
    }
    guard let number = Int(digits), (1...13).contains(number) else { return nil }
    if end < text.count, text[end].isLetter { return nil }
    return (text[start], number, end)
  }

  private static func separator(_ text: [Character], _ start: Int) -> Int? {
    var end = start
    while end < text.count, text[end] == " " { end += 1 }
    guard end < text.count, text[end] == "-" || text[end] == "–" || text[end] == "/" else { return nil }
    end += 1
    while end < text.count, text[end] == " " { end += 1 }
    return end
  }

  private static let planes = [
    "sagittal", "sag", "transversal", "transv", "trans", "tra", "axial", "axi", "ax", "coronal", "cor", "kor",
  ]

  private static func unglued(_ word: String) -> [String] {
    for plane in planes where word.hasPrefix(plane) && word.count > plane.count {
      let rest = word.dropFirst(plane.count)
      if rest.hasPrefix("t1") || rest.hasPrefix("t2") || rest.hasPrefix("stir") || rest.hasPrefix("tirm") {
        return [plane, String(rest)]
      }
    }
    for weighting in ["t1w", "t2w", "t1", "t2", "stir", "tirm"] where word.hasPrefix(weighting) {
      let rest = String(word.dropFirst(weighting.count))
      if let plane = planes.first(where: rest.hasPrefix) {
        let tail = String(rest.dropFirst(plane.count))
        return [weighting, plane] + (tail.isEmpty ? [] : [tail])
      }
      for suffix in ["fs", "gd", "km", "ce", "tse", "fse", "se", "post", "pre", "spir", "spair"] where rest == suffix {
        return [weighting, suffix]
      }
      for suffix in ["fsgd", "gdfs", "fskm", "kmfs", "fspost", "fsce", "fsc"] where rest == suffix {
        return [weighting, "fs", "gd"]
      }
    }
    return [word]
  }
}
