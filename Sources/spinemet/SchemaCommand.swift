import ArgumentParser
import Findings
import Phantom

/// `spinemet schema`: prints a JSON Schema.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema (2020-12) of features.json or truth.json.")

  enum Document: String, ExpressibleByArgument, CaseIterable { case features, truth }

  @Argument(help: "features or truth")
  var document: Document = .features

  func run() {
    switch document {
    case .features: Console.emit(FeatureSchema.json)
    case .truth: Console.emit(PhantomSchemas.truth)
    }
  }
}
