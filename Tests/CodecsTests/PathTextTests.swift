import Testing

@testable import Codecs

@Suite struct PathTextTests {
    @Test(arguments: [("/a/b", "/a"), ("/a", "/"), ("/", "/"), ("a/b", "a"), ("a", "."), ("", "."), ("/a/b/", "/a/b"), ("//a", "/")])
    func `the parent is what stands before the last slash`(path: String, parent: String) {
        #expect(PathText.parent(of: path) == parent)
    }

    @Test(arguments: [("/a/b", "/a/b"), ("/a/b/", "/a/b"), ("/a//", "/a"), ("a/", "a"), ("/", "/"), ("///", "/"), ("", "")])
    func `slashes at the end are cut, and the root keeps one`(path: String, plain: String) {
        #expect(PathText.withoutTrailingSlashes(path) == plain)
    }
}
