import Findings
import Foundation
import LesionMeasurement
import Testing

@Suite struct FindingsConfigurationMechanicsTests {
  @Test func `an empty override gives the defaults and their digest`() throws {
    let defaults = FindingsConfiguration()
    #expect(try FindingsConfiguration(overridesJSON: Data("{}".utf8)) == defaults)
    #expect(defaults.digest.count == 71 && defaults.digest.hasPrefix("sha256:"))
    #expect(defaults.digest == FindingsConfiguration().digest)
  }

  @Test func `a full dump reads back as itself`() throws {
    let defaults = FindingsConfiguration()
    #expect(try FindingsConfiguration(overridesJSON: defaults.jsonData()) == defaults)
  }

  @Test func `one value is overridden and the digest changes`() throws {
    let text = #"{"signal": {"hyperintense_band": 0.2}, "enhancement_rules": {"rim_ratio": {"centre": 1.3}}}"#
    let changed = try FindingsConfiguration(overridesJSON: Data(text.utf8))
    #expect(changed.signal.hyperintenseBand == 0.2)
    #expect(changed.enhancementRules.rimRatio.centre == 1.3)
    #expect(changed.enhancementRules.rimRatio.width == EnhancementRules().rimRatio.width)
    #expect(changed.digest != FindingsConfiguration().digest)
  }

  @Test func `an unknown key and a wrong type are named`() {
    #expect(throws: ConfigurationOverrides.Failure.unknownKey("signal.hyperintense_bend")) {
      try FindingsConfiguration(overridesJSON: Data(#"{"signal": {"hyperintense_bend": 0.2}}"#.utf8))
    }
    #expect(throws: ConfigurationOverrides.Failure.wrongType(key: "signal", expected: "an object")) {
      try FindingsConfiguration(overridesJSON: Data(#"{"signal": 3}"#.utf8))
    }
    #expect(throws: ConfigurationOverrides.Failure.wrongType(key: "signal.hyperintense_band", expected: "a number")) {
      try FindingsConfiguration(overridesJSON: Data(#"{"signal": {"hyperintense_band": "wide"}}"#.utf8))
    }
    #expect(throws: ConfigurationOverrides.Failure.notAnObject) {
      try FindingsConfiguration(overridesJSON: Data("[1]".utf8))
    }
  }

  @Test(arguments: [
    (#"{"signal": {"coil_window": -5}}"#, "signal.coil_window", "from 0.45 to 450 (published 45), not -5"),
    (#"{"signal": {"coil_window": 0}}"#, "signal.coil_window", "from 0.45 to 450 (published 45), not 0"),
    (
      #"{"enhancement_rules": {"worms_alignment": {"width": 0.1}}}"#, "enhancement_rules.worms_alignment.width",
      "from -0.5 to -0.0005 (published -0.05), not 0.1"
    ),
    (#"{"enhancement": {"ridge_scales_mm": []}}"#, "enhancement.ridge_scales_mm", "a list of 5 numbers"),
    (#"{"enhancement": {"ridge_scales_mm": [1, 0.7, 1.4, 1.9, 2.5]}}"#, "enhancement.ridge_scales_mm", "a rising list"),
  ]) func `a value that no measurement can use is named with what may stand there`(
    json: String, key: String, expected: String
  ) {
    #expect(throws: ConfigurationOverrides.Failure.outOfBounds(key: key, expected: expected)) {
      try FindingsConfiguration(overridesJSON: Data(json.utf8))
    }
  }
}
