import Findings
import Testing

struct IdentityKeysReferenceTests {
  @Test func `digests are those of sha256sum and RFC 4231`() {
    // printf abc | sha256sum
    #expect(Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    // RFC 4231, test case 2
    #expect(
      Digest.hmacSHA256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func `a patient key is the first 16 digits over issuer, NUL and trimmed PatientID`() {
    // printf 'HOSP\0ID1' | sha256sum | cut -c1-16
    #expect(IdentityKeys().patientKey(issuer: "HOSP ", patientID: " ID1 ") == "ef13ab54fb819105")
  }

  @Test func `a key changes every name, consistently`() {
    let keyed = IdentityKeys(pseudonymKey: Array("secret\n".utf8))
    #expect(keyed.uid("1.2.3") == IdentityKeys(pseudonymKey: Array("secret".utf8)).uid("1.2.3"))
    #expect(keyed.uid("1.2.3").hasPrefix("2.25.") && keyed.uid("1.2.3").utf8.count <= 64)
    #expect(keyed.uid("1.2.3") != keyed.uid("1.2.4"))
    #expect(keyed.studyKey(studyInstanceUID: "1.2.3") != IdentityKeys().studyKey(studyInstanceUID: "1.2.3"))
  }
}
