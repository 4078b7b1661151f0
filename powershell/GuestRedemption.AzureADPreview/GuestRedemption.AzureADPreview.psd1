@{
    RootModule             = 'GuestRedemption.AzureADPreview.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '3892947b-3c21-49b7-b0ed-3c13ec6eefcd'
    Author                 = 'The guest-redemption authors'
    Copyright              = 'MIT OR Apache-2.0'
    Description            = 'Runs scripts written for AzureADPreview that reset the redemption of guests: the old cmdlets, types, output and errors over the module GuestRedemption.'
    PowerShellVersion      = '5.1'
    CompatiblePSEditions   = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('GuestRedemption.AzureADPreview.Format.ps1xml')
    CmdletsToExport        = @(
        'Connect-AzureAD'
        'Disable-AzureADCompatibility'
        'Disconnect-AzureAD'
        'Enable-AzureADCompatibility'
        'Find-AzureADScriptUsage'
        'Get-AzureADCurrentSessionInfo'
        'Get-AzureADTenantDetail'
        'Get-AzureADUser'
        'New-AzureADMSInvitation'
        'Set-AzureADUser'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags = @('AzureAD', 'AzureADPreview', 'Entra', 'B2B', 'Guest', 'Invitation', 'Redemption', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
        }
    }
}
