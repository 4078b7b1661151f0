# The module GuestRedemption.AzureADPreview against a sandbox: types, binding, sign-in, errors, output, the request sent.
. "$PSScriptRoot/harness.ps1"

$alice = '10000000-0000-4000-8000-000000000001'
$aliceName = 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com'
$redirect = 'https://myapps.microsoft.com'
$ours = 'Connect-AzureAD', 'Disconnect-AzureAD', 'Get-AzureADCurrentSessionInfo', 'Get-AzureADUser', 'New-AzureADMSInvitation'

# What was caught when the block ended with an error; an error that does not end it fails the test.
function Get-Thrown([scriptblock] $Block) {
    try { $null = & $Block } catch { return $_ }
    throw "No terminating error: $Block"
}

function Get-Posts { @((Get-SandboxState).requests | Where-Object { $_.method -eq 'POST' -and $_.path -like '*/invitations' }) }

# The body of the one POST that the block sends.
function Get-Posted([scriptblock] $Block) {
    $before = (Get-Posts).Count
    $null = & $Block
    $posts = Get-Posts
    Assert-Equal $posts.Count ($before + 1) 'one POST'
    $posts[-1].body | ConvertFrom-Json
}

function Get-Names($Object) { ($Object.PSObject.Properties.Name | Sort-Object) -join ' ' }

function Invoke-Reset([hashtable] $More = @{}) {
    New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@fabrikam.com' -InviteRedirectUrl $redirect -ResetRedemption $true @More
}
