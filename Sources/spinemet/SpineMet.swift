import ArgumentParser

@main
struct SpineMet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spinemet",
    abstract: "Measures spinal metastases in DICOM MRI studies. Research use only; not a medical device.",
    discussion: """
      Exit codes: 0 done; 2 finished, but something was refused (its reason is in the output); 64 wrong usage; \
      65 no usable input; 70 internal error; 73 output cannot be written; 128+n on signal n.
      """,
    version: Versions.text,
    subcommands: [
      InspectCommand.self,
      AnalyzeCommand.self,
      BatchCommand.self,
      MergeCommand.self,
      PhantomCommand.self,
      SchemaCommand.self,
      CohortCommand.self,
      AgreeCommand.self,
      WorkerCommand.self,
    ])
}
