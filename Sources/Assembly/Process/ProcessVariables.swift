/// Variables with the gateway's prefix that are not settings: the program, its start from the environment and its tests read
/// them.
package enum ProcessVariables {
    /// How many workers there are; one per usable processor when it is not set.
    package static let workers = "HSSGW_WORKERS"
    /// The name of this gateway in records; the host's name when it is not set. Two gateways on one host need
    /// two.
    package static let instance = "HSSGW_INSTANCE"
    /// The file of the admin port's token, for `health`.
    package static let adminTokenFile = "HSSGW_ADMIN_TOKEN_FILE"
    /// The region of a start without a file.
    package static let region = "HSSGW_REGION"
    /// The gateway that a caller's command talks to. It may be in the environment of an operator who calls and checks on one machine.
    package static let gateway = "HSSGW_GATEWAY"
    /// The file with a caller's key, for the same commands.
    package static let keyFile = "HSSGW_KEY_FILE"
    /// What the test suites pass to each other.
    private static let forTests = ["HSSGW_BINARY", "HSSGW_TEST_PYTHON"]

    package static let all: Set<String> = Set([workers, instance, region, gateway, keyFile] + forTests)
}
