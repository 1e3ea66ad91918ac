extension DeploymentSnapshot { func encoded() -> [UInt8] { [] } }
