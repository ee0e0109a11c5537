import Testing

@testable import Gateway

@Suite struct UserNamespaceTests {
    @Test(arguments: [
        ("         0          0 4294967295\n", true), ("0 0 1\n65532 65532 1\n", false), ("0 100000 65536\n", false), ("", false), ("x", false),
    ])
    func `knows whether every user has a number`(map: String, all: Bool) {
        #expect(UserNamespace.sees(everybodyIn: map) == all)
    }
}
