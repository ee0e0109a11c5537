extension Region {
    /// Every region of the SDKs' tables in the order of their identifiers: 32 with HSS, 27 with an IAM endpoint of their
    /// own, 12 with an STS endpoint of their own.
    package static let all: [Region] = [
        Region("ae-ad-1", [.hss, .iam]),
        Region("af-north-1", [.hss]),
        Region("af-south-1", [.hss, .iam, .sts]),
        Region("ap-southeast-1", [.hss, .iam, .sts]),
        Region("ap-southeast-2", [.hss, .iam, .sts]),
        Region("ap-southeast-3", [.hss, .iam, .sts]),
        Region("ap-southeast-4", [.hss, .iam, .sts]),
        Region("ap-southeast-5", [.hss]),
        Region("cn-east-2", [.hss, .iam]),
        Region("cn-east-3", [.hss, .iam, .sts]),
        Region("cn-east-4", [.hss, .iam]),
        Region("cn-east-5", [.hss, .iam]),
        Region("cn-north-1", [.hss, .iam]),
        Region("cn-north-11", [.hss]),
        Region("cn-north-12", [.hss, .iam]),
        Region("cn-north-2", [.hss, .iam]),
        Region("cn-north-4", [.hss, .iam, .sts]),
        Region("cn-north-9", [.hss, .iam]),
        Region("cn-south-1", [.hss, .iam, .sts]),
        Region("cn-south-2", [.hss, .iam]),
        Region("cn-south-4", [.hss]),
        Region("cn-southwest-2", [.hss, .iam, .sts]),
        Region("cn-southwest-3", [.hss]),
        Region("eu-west-0", [.iam]),
        // The global IAM endpoint belongs to another domain than this region's HSS, so the fallback is likely wrong
        // here; who uses the region sets `iam` in the configuration.
        Region("eu-west-101", [.hss]),
        Region("la-north-2", [.hss, .iam]),
        Region("la-south-2", [.hss, .iam, .sts]),
        Region("me-east-1", [.hss, .iam]),
        Region("my-kualalumpur-1", [.hss, .iam]),
        Region("na-mexico-1", [.hss, .iam]),
        Region("ru-moscow-1", [.hss, .iam]),
        Region("sa-brazil-1", [.hss, .iam, .sts]),
        Region("tr-west-1", [.hss, .iam, .sts]),
    ]
}
