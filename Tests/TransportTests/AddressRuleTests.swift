import Glibc
import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct AddressRuleTests {
    private static func reach(_ text: String) throws -> AddressReach {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return AddressReach(bytes: Array(bytes[..<4])) }
        try #require(inet_pton(AF_INET6, text, &bytes) == 1)
        return AddressReach(bytes: bytes)
    }

    @Test(
        arguments: [
            ("8.8.8.8", .world), ("100.125.1.2", .world), ("172.15.0.1", .world), ("172.32.0.1", .world), ("2001:db8::1", .world),
            ("::ffff:8.8.8.8", .world), ("64:ff9b::808:808", .world), ("2002:808:808::1", .world), ("::8.8.8.8", .world),
            ("10.1.2.3", .privateNetwork), ("172.16.0.1", .privateNetwork), ("172.31.255.255", .privateNetwork), ("192.168.1.1", .privateNetwork),
            ("127.0.0.1", .privateNetwork), ("127.8.8.8", .privateNetwork), ("::1", .privateNetwork), ("fc00::1", .privateNetwork),
            ("fd12:3456::1", .privateNetwork), ("fec0::1", .privateNetwork), ("::ffff:10.0.0.1", .privateNetwork),
            ("64:ff9b::a00:1", .privateNetwork), ("2002:a00:1::", .privateNetwork), ("64:ff9b:1::a00:1", .privateNetwork),
            ("169.254.169.254", .linkOrNobody), ("169.254.0.1", .linkOrNobody), ("0.0.0.0", .linkOrNobody), ("0.1.2.3", .linkOrNobody),
            ("224.0.0.1", .linkOrNobody), ("255.255.255.255", .linkOrNobody), ("100.100.100.200", .linkOrNobody), ("::", .linkOrNobody),
            ("fe80::a9fe:a9fe", .linkOrNobody), ("febf::1", .linkOrNobody), ("ff02::1", .linkOrNobody), ("fd00:ec2::254", .linkOrNobody),
            ("::ffff:169.254.169.254", .linkOrNobody), ("64:ff9b::a9fe:a9fe", .linkOrNobody), ("2002:a9fe:a9fe::", .linkOrNobody),
            ("64:ff9b:1::a9fe:a9fe", .linkOrNobody), ("::169.254.169.254", .linkOrNobody), ("2001::5601:5601", .linkOrNobody),
            // Metadata services and agents of other clouds, translated IPv4, and what is discarded or only for measurements.
            ("192.0.0.192", .linkOrNobody), ("192.0.0.10", .linkOrNobody), ("168.63.129.16", .linkOrNobody), ("fd20:ce::254", .linkOrNobody),
            ("::ffff:0:169.254.169.254", .linkOrNobody), ("::ffff:0:a00:1", .privateNetwork), ("::ffff:0:808:808", .world),
            ("100::1", .linkOrNobody), ("198.18.0.1", .privateNetwork), ("198.19.255.255", .privateNetwork), ("198.20.0.1", .world),
            ("192.0.1.1", .world), ("168.63.129.17", .world), ("fd20:ce::253", .privateNetwork),
        ] as [(String, AddressReach)])
    func `knows how far an address reaches, in every spelling`(text: String, reach: AddressReach) throws {
        #expect(try Self.reach(text) == reach)
    }

    @Test func `connects to a private address only for a host that may have one`() async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        defer { upstream.close() }
        for (hosts, isRefused) in [(["127.0.0.1"], false), (["hss.example"], true)] as [(Set<String>, Bool)] {
            var configuration = TransportConfiguration()
            configuration.addresses = .guarded(privateHosts: .only(hosts))
            try await TransportRig.run(configuration) { rig in
                let exchange = try await rig.send(.to(upstream.url))
                #expect(exchange.error == (isRefused ? .addressRefused : nil))
            }
        }
        #expect(upstream.connections == 1)
    }

    @Test func `never connects to an address of this link, whoever wrote it down`() async throws {
        var configuration = TransportConfiguration()
        configuration.addresses = .guarded(privateHosts: .all)
        configuration.connectTimeout = .seconds(20)
        try await TransportRig.run(configuration) { rig in
            for host in ["169.254.169.254", "[fe80::1]", "0.0.0.0", "[::ffff:169.254.169.254]"] {
                let exchange = try await rig.send(.to("http://\(host):9"))
                #expect(exchange.error == .addressRefused, "\(host)")
            }
        }
    }
}
