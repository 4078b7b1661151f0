@{
    RootModule             = 'GuestRedemption.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '5a0f3a5e-7c1d-4b53-9b7e-3d1f0a6c2e94'
    Author                 = 'The guest-redemption authors'
    Copyright              = 'MIT OR Apache-2.0'
    Description            = 'Resets the redemption status of Microsoft Entra B2B guest users: new address, reset and verification, keeping object id, group memberships and app assignments.'
    PowerShellVersion      = '5.1'
    CompatiblePSEditions   = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('GuestRedemption.Format.ps1xml')
    CmdletsToExport        = @(
        'Connect-GuestRedemption'
        'Disconnect-GuestRedemption'
        'Export-GuestRedemptionPlan'
        'Export-GuestRedemptionReport'
        'Get-GuestRedemption'
        'Get-GuestRedemptionContext'
        'Get-GuestRedemptionStatus'
        'Reset-GuestRedemption'
        'Send-GuestRedemptionReminder'
        'Test-GuestRedemption'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags = @('Entra', 'EntraID', 'AzureAD', 'B2B', 'Guest', 'Invitation', 'Redemption', 'Graph', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
