// swift-tools-version: 6.2
// Timings of the engine, apart from its tests. `swift run -c release --package-path Benchmarks load-bench FOLDER...`

import PackageDescription

let package = Package(
  name: "SpineMetBenchmarks",
  dependencies: [.package(name: "SpineMet", path: "..")],
  targets: [
    .executableTarget(
      name: "load-bench", dependencies: [.product(name: "SpineMetReading", package: "SpineMet")],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ],
  cxxLanguageStandard: .cxx17
)
