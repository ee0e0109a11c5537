import Testing

@testable import Policy

@Suite struct MediaTypeTests {
    @Test(arguments: [
        ("application/json", "application/json"), ("Application/JSON; charset=utf-8", "application/json"), ("application/json ;", "application/json"),
        ("text/plain; charset=application/json", "text/plain"), ("multipart/form-data;boundary=\"a;b\"", "multipart/form-data"),
    ])
    func `names the type`(text: String, name: String) {
        #expect(MediaType(text)?.name == name)
    }

    @Test(arguments: ["", ";", "application/json,", "application/json, text/plain", "application/json; a=\"", "application/json; a=\"\\\"\"", "=x"])
    func `is none where it can be read in several ways`(text: String) {
        #expect(MediaType(text)?.name != "application/json")
    }

    @Test(arguments: [
        ("", true), ("; charset=utf-8", true), (";CHARSET=\"UTF-8\"", true), ("; charset=us-ascii", true), ("; charset=ISO-8859-1", true),
        ("; a=b", true),
        ("; charset=utf-7", false), ("; charset=utf-16le", false), ("; charset=ibm037", false), ("; a=b; charset=utf-16", false),
        ("; charset=utf-8; charset=utf-7", false), ("; charset*=utf-8''utf-7", false), ("; charset", false), ("; charset=", false),
        ("; charset=utf-8\u{301}", false),
    ])
    func `is read as UTF-8 unless it says otherwise`(parameters: String, isUTF8: Bool) throws {
        #expect(try #require(MediaType("application/json" + parameters)).isReadAsUTF8 == isUTF8)
    }
}
