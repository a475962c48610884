import ArgumentParser

@main
struct SpineMet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spinemet",
    subcommands: [
      PhantomCommand.self,
    ])
}
