/// Self-signed certificates of the test servers, made with `openssl ca -selfsign` and keys of their own.
enum TestCertificates {
    /// For `localhost`, `*.api.test` and 127.0.0.1; valid from 2020 to 2120.
    static let goodCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARmgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
        CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPmeWXzNb8+nIiY8
        15hdU2E4y9SddJgDig1E3DY088IW1sVnp9A4yTJcf5s5Gxih0yA4XAl7BpbOtGmR
        QHnuw0OjWjBYMCYGA1UdEQQfMB2CCWxvY2FsaG9zdIIKKi5hcGkudGVzdIcEfwAA
        ATAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBTJ90Cgh1nHmht3RfmnsSB/pdg3
        uzAKBggqhkjOPQQDAgNIADBFAiBF2gzRfYDuKnx+44xurLyezdXxWFvH1lRKyasZ
        OEoI2AIhAMrNCn7q/uqC19geuZm2zfJTiwFtos9eta5bXU1i++p2
        -----END CERTIFICATE-----
        """
    static let goodKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCHtkYD6BiqcQLBmj
        mjNYPiZ/y2nTou7GixN0LDbDwByhRANCAAT5nll8zW/PpyImPNeYXVNhOMvUnXSY
        A4oNRNw2NPPCFtbFZ6fQOMkyXH+bORsYodMgOFwJewaWzrRpkUB57sND
        -----END PRIVATE KEY-----
        """
    /// For `other.test` only.
    static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBZDCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApvdGhlci50
        ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
        DApvdGhlci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErFMcvR3putht
        DWxAp9GSoB9bmvEqtyGs2G4WdvD4JCnmhz+ydnB5fjyyfnvlMNIiehHEREI8yuK3
        deDU6oAsC6NJMEcwFQYDVR0RBA4wDIIKb3RoZXIudGVzdDAPBgNVHRMBAf8EBTAD
        AQH/MB0GA1UdDgQWBBQ3iDe4hQ7d2iF0cs3/ftTokrxNYzAKBggqhkjOPQQDAgNI
        ADBFAiAhFiWR4NdyF3sKlmdKMmUSuiD1QfA3afADK/GsjbLWHAIhAJXLheexvu4z
        xUXif2JiBAWGoDMlE5jVm9bTrIYwlLRy
        -----END CERTIFICATE-----
        """
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpXf1suKeU0/wRp+9
        OlfuyzWKaybF7Cs6UcIYcQMfwSChRANCAASsUxy9Hem62G0NbECn0ZKgH1ua8Sq3
        IazYbhZ28PgkKeaHP7J2cHl+PLJ+e+Uw0iJ6EcREQjzK4rd14NTqgCwL
        -----END PRIVATE KEY-----
        """
    /// For `localhost`; expired in 2020.
    static let oldCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBZjCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
        b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASHYPhRO5iylivRtETw
        MLb5+w5T2QoKfZWeLMjgY02BkMMY7cSaNVJ49bV5Jo6XEl63bXdK6CIv7aJx/wkk
        vGjmo04wTDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDwYDVR0TAQH/BAUw
        AwEB/zAdBgNVHQ4EFgQUi1xpeVRr4FuSFIe+McG0zjSYUWAwCgYIKoZIzj0EAwID
        SQAwRgIhAMXxC7uYO8UMCWMRsXY/wC0GrWg1J6y9/Y6ew/VE5ZHeAiEA/Egs9vlR
        De1Ggyz1nr2+ucEq8A3/u/W5YiYF2h4ZXM0=
        -----END CERTIFICATE-----
        """
    static let oldKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2n6aUxdGJf8DOgHT
        qwv2p/1MDIYO7vk/PKhS41RcylmhRANCAASHYPhRO5iylivRtETwMLb5+w5T2QoK
        fZWeLMjgY02BkMMY7cSaNVJ49bV5Jo6XEl63bXdK6CIv7aJx/wkkvGjm
        -----END PRIVATE KEY-----
        """
    /// Of a client; valid from 2020 to 2120.
    static let clientCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBWzCCAQKgAwIBAgIBATAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdnYXRld2F5
        MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjASMRAwDgYDVQQDDAdn
        YXRld2F5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPU0g+JeCpv2q/3+vjF+n
        fA2C3Oc/BDH11G1DGVIDRAz2/fW+YXwsyxDRxHiP2pQBzAqe4b/Ffv/GZ0Eigg0m
        z6NHMEUwDwYDVR0TAQH/BAUwAwEB/zATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNV
        HQ4EFgQUWU6L20cp4FwgUTmQWOzhbIospmMwCgYIKoZIzj0EAwIDRwAwRAIgOND0
        qn+LQ1okSXwf3ewNG65jsQZN4P3tJrIqpTSTRp0CID1OhOKT9uqn51Nbv/Z7oun2
        h+0YS9UC6WdTZD53vQh2
        -----END CERTIFICATE-----
        """
    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgv6JyjSxCdToEhtpN
        LyzaekoiFiwKElDyhvOiZY47VvihRANCAAQ9TSD4l4Km/ar/f6+MX6d8DYLc5z8E
        MfXUbUMZUgNEDPb99b5hfCzLENHEeI/alAHMCp7hv8V+/8ZnQSKCDSbP
        -----END PRIVATE KEY-----
        """
    /// ``clientKey`` behind a passphrase.
    static let encryptedClientKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAil/CQ8r7ME4gICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOX/Yw2erIe+nAVM67/cHk0EgZBN
        N4li3rI5gP6lcHt6+q2crI0jqHD3C9jtzhxLcP3lVBwVOfRhLMDUTLLzqhDAYKO5
        dlVqkJnGzpJrVd6qykCfCKTXKdWHS7GGFrINTCteK/uyqklzKah6CJOcyvIx71gg
        dMt8SRrcmVHSchfGxRrf5pODj1lcEp8+1z2sfgkduwBwYYAy8tuXLtKgdEmB94Q=
        -----END ENCRYPTED PRIVATE KEY-----
        """
}
