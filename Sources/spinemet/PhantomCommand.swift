import ArgumentParser
import Foundation
import Phantom

struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom", abstract: "Write a synthetic DICOM study with exact truth.",
    discussion: "Research data from a signal model, no patient. --list names the cases.")

  @Argument(help: "Name of a case.") var name: String?
  @Option(name: .customShort("o"), help: "Folder to write into: study/, truth.json and label maps.") var output: String?
  @Option(help: "Seed; the same seed gives the same bytes.") var seed: UInt64 = 1
  @Option(help: "Specification as JSON in place of a named case.") var spec: String?
  @Flag(help: "Name the cases.") var list = false
  @Flag(help: "Also put lesions.nii.gz into the study folder.") var masksInStudy = false
  @Flag(help: "Print the specification of the case as JSON and write nothing.") var printSpec = false

  func validate() throws {
    if list { return }
    if (name == nil) == (spec == nil) { throw ValidationError("name one case, or give --spec; --list names the cases") }
    if output == nil, !printSpec { throw ValidationError("name the output folder with -o") }
  }

  func run() throws {
    if list {
      for entry in PhantomCases.all {
        print(entry.name.padding(toLength: 24, withPad: " ", startingAt: 0) + entry.summary)
      }
      return
    }
    let study = try PhantomStudy(PhantomOptions.specification(name: name, file: spec, seed: seed))
    if printSpec {
      print(String(decoding: try study.specificationJSON(), as: UTF8.self), terminator: "")
      return
    }
    do {
      try study.write(to: URL(fileURLWithPath: output!, isDirectory: true), masksInStudy: masksInStudy)
    } catch {
      FileHandle.standardError.write(Data("spinemet: \(error)\n".utf8))
      throw ExitCode(PhantomOptions.exitCode(error))
    }
  }
}

enum PhantomOptions {
  static func specification(name: String?, file: String?, seed: UInt64) throws -> PhantomStudySpecification {
    do {
      guard let file else { return try PhantomCases.specification(name ?? "", seed: seed) }
      return try PhantomStudy.readSpecification(Data(contentsOf: URL(fileURLWithPath: file)))
    } catch let error as PhantomError {
      throw ValidationError("\(error)")
    } catch {
      throw ValidationError("the specification cannot be read")
    }
  }

  static func exitCode(_ error: PhantomError) -> Int32 {
    switch error {
    case .fileNotWritable: 73
    case .noDictionary, .attributeNotWritable: 70
    case .unknownCase, .unknownLevel, .badSpecification: 64
    }
  }
}
