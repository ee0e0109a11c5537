import Catalogue
import Policy
import Testing

@testable import Gateway

@Suite struct RedactedQueryTests {
    private static func redacted(_ query: String) throws -> String {
        RedactedQuery.of(try RequestTarget(originForm: "/v5/p/x?\(query)"))
    }

    @Test(arguments: [
        ("password=hunter2&username=u", "password=***&username=u"),
        ("password=", "password=***"),
        ("a=1&password=x&password=y", "a=1&password=***&password=***"),
        ("%70assword=hunter2", "password=***"),
        ("password=a%26b%3Dc", "password=***"),
        ("password=a=b", "password=***"),
        ("password", "password=***"),
        ("Pass-Word=hunter2", "Pass-Word=***"),
        ("passwords=kept&my_password=kept", "my_password=kept&passwords=kept"),
    ])
    func `masks a password, whoever sends it`(query: String, expected: String) throws {
        #expect(try Self.redacted(query) == expected)
    }

    @Test func `masks every query parameter that the catalogue calls secret`() throws {
        for operation in Operation.allCases {
            for field in operation.secretRequestFields where field.place == .query {
                #expect(try Self.redacted("a=1&\(field.name)=hunter2").contains("hunter2") == false, "\(operation)")
            }
        }
    }

    @Test func `changes nothing in a query without secrets`() throws {
        #expect(try Self.redacted("limit=10&a=%E2%82%AC") == "a=%E2%82%AC&limit=10")
        #expect(try Self.redacted("") == "")
    }
}
