import Testing

@testable import Policy

@Suite struct FormScanTests {
    private static let type = "multipart/form-data; boundary=b"

    private static func names(_ form: String, _ type: String = type) throws -> [String] {
        try Array(form.utf8).withUnsafeBytes { try FormScan(form: $0, contentType: type).names }
    }

    private static func part(_ head: String, _ content: String = "x") -> String { "--b\r\n\(head)\r\n\r\n\(content)\r\n" }

    @Test(arguments: [
        ([#"Content-Disposition: form-data; name="file"; filename="a b.png""#], ["file"]),
        (
            ["content-disposition: form-data;name=file", "Content-Disposition: form-data; filename=\"ü\"; name=\"a[0]\"\r\nContent-Type: image/png"],
            ["file", "a[0]"]
        ),
    ])
    func `reads the names of a plain form`(heads: [String], names: [String]) throws {
        let form = heads.map { Self.part($0, "\u{89}PNG\r\n--c\r\n") }.joined() + "--b--"
        #expect(try Self.names(form) == names)
        #expect(try Self.names(form + "\r\n", #"Multipart/Form-Data; charset=utf-8; boundary="b""#) == names)
    }

    @Test(arguments: [
        #"name="enterprise_project_id""#, #"name=enterpriseProjectId"#, #"name="ENTERPRISE-PROJECT-ID""#, #"name="x[enterprise_project_id]""#,
    ])
    func `finds the enterprise project under every spelling`(parameter: String) {
        #expect(throws: FormScan.Fault.enterpriseProject) { try Self.names(Self.part("Content-Disposition: form-data; \(parameter)") + "--b--") }
    }

    @Test(arguments: [
        #"name="=?utf-8?B?ZW50ZXJwcmlzZV9wcm9qZWN0X2lk?=""#, #"name*=utf-8''enterprise%5Fproject%5Fid"#, #"name="file"; name*=utf-8''x"#,
        #"name="file"; name="x""#, #"name="enterprise%5Fproject%5Fid""#, #"name="enterprise\_project\_id""#, #"name="ｅnterprise_project_id""#,
        #"name="""#,
        // A quotation mark with a combining mark is still a quotation mark for who reads bytes.
        "filename=\"a\"\u{301}; name=enterprise_project_id; x=\"; name=\"file\"",
        "filename=\"a\"\u{200D}; name=enterprise_project_id; filename*=\"; name=\"file\"", "name=\"file\"; filename=a;\u{301} name=x",
        #"name="a b""#, #"name="file"x"#, #"name"#, #"filename="x""#, #"name="file"#, #"name*0="enterprise_"; name*1="project_id""#,
    ])
    func `refuses names that aren't written plainly`(parameter: String) {
        #expect(throws: FormScan.Fault.name) { try Self.names(Self.part("Content-Disposition: form-data; \(parameter)") + "--b--") }
    }

    @Test func `refuses what may be taken apart in another way`() {
        let good = Self.part(#"Content-Disposition: form-data; name="file""#)
        let name = #"Content-Disposition: form-data; name="x""#
        for form in [
            "", "--b--", good, "preamble\r\n\(good)--b--", "\(good)--b--\r\nepilogue", "\(good)--b --", good.replacing("\r\n", with: "\n") + "--b--",
            "--b\r\n\(name)\r\n\r\nx\n--b\n\(name)\n\ny\r\n--b--", "--b\r\n\(name)\r\n\r\nx--b\r\n--b--", "--b \r\n\(name)\r\n\r\nx\r\n--b--",
            Self.part(name + "\r\nContent-Type: multipart/mixed; boundary=c") + "--b--",
            Self.part(name + "\nX: y") + "--b--",
            Self.part(name + "\r\nContent-Disposition : form-data; name=enterprise_project_id") + "--b--",
            Self.part(name + "\r\nContent-Disposition\u{A0}: form-data; name=enterprise_project_id") + "--b--",
            Self.part(name + "\r\nContent-Transfer-Encoding : base64") + "--b--", Self.part(name + "\r\n: x") + "--b--",
        ] {
            #expect(throws: FormScan.Fault.structure, "\(form.debugDescription)") { try Self.names(form) }
        }
        for second in [name, "Content-Disposition:\u{301} form-data; name=enterprise_project_id; a:b"] {
            #expect(throws: FormScan.Fault.name) { try Self.names(Self.part(name + "\r\n" + second) + "--b--") }
        }
        #expect(throws: FormScan.Fault.name) { try Self.names(Self.part("Content-Disposition: form-data;\r\n name=\"x\"") + "--b--") }
        #expect(throws: FormScan.Fault.structure) { try Self.names(Self.part(name + "\r\n folded") + "--b--") }
        #expect(throws: FormScan.Fault.name) { try Self.names(Self.part("Content-Type: text/plain") + "--b--") }
        #expect(throws: FormScan.Fault.encoding) { try Self.names(Self.part(name + "\r\nContent-Transfer-Encoding: base64") + "--b--") }
        for type in [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b; boundary=c",
            "multipart/form-data; boundary*0=b",
        ] {
            #expect(throws: FormScan.Fault.boundary, "\(type)") { try Self.names(good + "--b--", type) }
        }
    }
}
