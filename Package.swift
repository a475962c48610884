// swift-tools-version: 6.2
// The map of the house. Targets stand in the order in which data walks through them; imports run only downward
// (`make check` builds with --explicit-target-dependency-import-check error).

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
]
let strictC: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-fvisibility=hidden"])]
let strictCXX: [CXXSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-fvisibility=hidden"])]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// A room of Swift code with the settings that all rooms share.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of one room; `TestSupport` finds fixtures and skips where outside data is absent.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
  name: "SpineMet",
  products: [
    .executable(name: "spinemet", targets: ["spinemet"]),
    .library(name: "SpineMetReading", targets: ["StudyReading", "DICOM"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // MARK: Modules: what is not Swift
    .systemLibrary(
      name: "COpenJPEG", path: "Modules/COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
    .systemLibrary(name: "CPNG", path: "Modules/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", path: "Modules/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CDICOM", dependencies: ["COpenJPEG"], path: "Modules/CDICOM", cxxSettings: strictCXX,
      linkerSettings: [
        "cmr", "dcmsr", "dcmseg", "dcmfg", "dcmiod", "dcmjpls", "dcmjpeg", "dcmimgle", "dcmdata", "oflog", "ofstd", "z",
      ].map { .linkedLibrary($0) }),
    .target(
      name: "CNIfTI", path: "Modules/CNIfTI",
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-fvisibility=hidden", "-I/usr/include/nifti"])],
      linkerSettings: [.linkedLibrary("nifti2"), .linkedLibrary("znz"), .linkedLibrary("z")]),
    .target(name: "CStatistics", path: "Modules/CStatistics", cxxSettings: strictCXX),
    .target(
      name: "CDigest", path: "Modules/CDigest", cSettings: strictC,
      linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("xxhash")]),

    // MARK: Shared nouns and kernels
    room("Imaging"),
    room("Kernels", ["Imaging"]),
    room("Distributions", ["CStatistics"]),

    // MARK: Bytes to volumes and regions
    room("DICOM", ["CDICOM", "CDigest", "Imaging"]),
    room("StudyReading", ["DICOM", "Kernels", "Imaging", "CNIfTI", "CZlib", "CDigest"]),

    // MARK: Regions to measurements to findings
    room("Anatomy", ["Kernels", "Imaging"]),
    room("Detection", ["Kernels", "Imaging"]),
    room("LesionMeasurement", ["Kernels", "Distributions", "Imaging"]),
    room(
      "Findings", ["LesionMeasurement", "Imaging", "CDigest"],
      resources: [.embedInCode("Schemas/features.schema.json")]),

    // MARK: One study, many studies, files
    room(
      "StudyPipeline",
      ["StudyReading", "Anatomy", "Detection", "LesionMeasurement", "Findings", "DICOM", "Kernels", "Imaging", logging]),
    room(
      "Reporting",
      [
        "StudyPipeline", "StudyReading", "Findings", "DICOM", "Imaging", "CPNG", "CDICOM",
        .product(name: "Mustache", package: "swift-mustache"),
      ], resources: [.embedInCode("Templates/report.mustache")]),
    room(
      "Phantom", ["DICOM", "CDICOM", "Kernels", "Imaging", "CNIfTI"],
      resources: [.embedInCode("Schemas/truth.schema.json")]),
    room(
      "CohortStatistics",
      ["Findings", "Distributions", "Imaging", .product(name: "Mustache", package: "swift-mustache")],
      resources: [
        .embedInCode("Page/Templates/cohort.mustache"), .embedInCode("Page/Templates/agreement.mustache"),
      ]),
    room(
      "ArchiveBatch",
      [
        "Reporting", "StudyPipeline", "StudyReading", "Findings", "DICOM", "Imaging", "CDigest", logging,
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .executableTarget(
      name: "spinemet",
      dependencies: [
        "ArchiveBatch", "CohortStatistics", "Reporting", "Phantom", "StudyPipeline", "StudyReading", "Findings",
        "DICOM",
        "Imaging", argumentParser, logging,
      ], swiftSettings: settings),

    // MARK: Tests
    .target(name: "TestSupport", dependencies: ["Imaging"], path: "Tests/TestSupport", swiftSettings: settings),
    tests("ImagingTests", ["Imaging"]),
    tests("KernelsTests", ["Kernels", "Imaging"]),
    tests("DICOMTests", ["DICOM", "Imaging", "CDICOM"]),
    tests("StudyReadingTests", ["StudyReading", "DICOM", "Imaging"]),
    tests("AnatomyTests", ["Anatomy"]),
    tests("DetectionTests", ["Detection", "Imaging"]),
    tests("LesionMeasurementTests", ["LesionMeasurement", "Kernels", "Imaging", "CNIfTI"]),
    tests("FindingsTests", ["Findings", "LesionMeasurement", "Imaging"]),
    tests("PhantomTests", ["Phantom", "StudyReading", "DICOM", "Imaging"]),
    tests("CohortStatisticsTests", ["CohortStatistics", "Distributions", "Findings", "Imaging"]),
    tests("ReportingTests", ["Reporting", "Findings", "Imaging"]),
    tests("StudyPipelineTests", ["StudyPipeline", "StudyReading", "Phantom", "Findings", "DICOM", "Imaging"]),
    .executableTarget(
      name: "BatchTestProgram", dependencies: ["ArchiveBatch", "StudyPipeline", "Findings"],
      path: "Tests/BatchTestProgram", swiftSettings: settings),
    tests("ArchiveBatchTests", ["ArchiveBatch", "BatchTestProgram", "Findings", "DICOM", "Imaging"]),
    tests("CommandLineTests", ["Findings", "spinemet"]),
  ],
  cxxLanguageStandard: .cxx17
)
