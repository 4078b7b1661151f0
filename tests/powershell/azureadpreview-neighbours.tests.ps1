# Other commands of the same names: aliases of Entra PowerShell, a module AzureAD. Each time in a PowerShell of its own.
. "$PSScriptRoot/azureadpreview.ps1"

$aliases = 'function global:Get-EntraUser { "theirs" }; function global:New-EntraInvitation { "theirs" }
Set-Alias Get-AzureADUser Get-EntraUser -Scope Global; Set-Alias New-AzureADMSInvitation New-EntraInvitation -Scope Global'
$real = 'New-Module AzureAD { function Get-AzureADUser { "theirs" }; function Set-AzureADUser { "theirs" }; Export-ModuleMember -Function * } | Import-Module -Global'

function Assert-Warned([int] $Times, [string] $Output) { Assert-Equal $Times ([regex]::Matches($Output, 'also come from').Count) $Output }

It 'says nothing when it is alone' {
    $output = Invoke-Child "Import-Module `$module; `$null = Connect-AzureAD; (Get-AzureADUser -ObjectId $alice).DisplayName"
    Assert-Equal 'Alice Alvarez' $output.Trim()
}

It 'warns once of aliases that were there before, and tells how to choose' {
    $output = Invoke-Child @"
$aliases
Import-Module `$module
`$null = Connect-AzureAD
"alias: `$(Get-AzureADUser -ObjectId $alice)"
"named: `$((GuestRedemption.AzureADPreview\Get-AzureADUser -ObjectId $alice).DisplayName)"
Remove-Item Alias:Get-AzureADUser
"removed: `$((Get-AzureADUser -ObjectId $alice).DisplayName)"
"@
    Assert-Warned 1 $output
    foreach ($words in 'Get-AzureADUser, New-AzureADMSInvitation also come from aliases of Entra PowerShell', 'GuestRedemption.AzureADPreview\Get-AzureADUser', 'Remove-Item Alias:Get-AzureADUser; Remove-Item Alias:New-AzureADMSInvitation') {
        Assert-True $output.Contains($words) "$words in $output"
    }
    Assert-Match 'alias: theirs' $output
    Assert-Match 'named: Alice Alvarez' $output
    Assert-Match 'removed: Alice Alvarez' $output
}

It 'warns once of a module AzureAD that was there before' {
    $output = Invoke-Child @"
$real
Import-Module `$module
`$null = Connect-AzureAD
"named: `$((GuestRedemption.AzureADPreview\Get-AzureADUser -ObjectId $alice).DisplayName)"
Remove-Module AzureAD
"removed: `$((Get-AzureADUser -ObjectId $alice).DisplayName)"
"@
    Assert-Warned 1 $output
    foreach ($words in 'Get-AzureADUser, Set-AzureADUser also come from the module AzureAD.', 'Remove-Module AzureAD.') { Assert-True $output.Contains($words) "$words in $output" }
    Assert-Match 'named: Alice Alvarez' $output
    Assert-Match 'removed: Alice Alvarez' $output
}

It 'warns at the first use of what came later' {
    foreach ($neighbour in $aliases, $real) {
        $output = Invoke-Child @"
Import-Module `$module
$neighbour
`$null = Connect-AzureAD
`$null = Get-AzureADCurrentSessionInfo
"theirs: `$(Get-AzureADUser -ObjectId $alice)"
"@
        Assert-Warned 1 $output
        Assert-Match 'theirs: theirs' $output
    }
}

It 'the warning can be silenced' {
    Assert-Warned 0 (Invoke-Child "$aliases`n`$global:WarningPreference = 'SilentlyContinue'`nImport-Module `$module")
    Assert-Warned 0 (Invoke-Child "$aliases`nImport-Module `$module 3>`$null")
}

exit $failures
