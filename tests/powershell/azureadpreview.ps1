# What the tests of GuestRedemption.AzureADPreview share: the module, imported, and a token of a person to connect with.
. "$PSScriptRoot/harness.ps1"
$env:GUEST_REDEMPTION_ACCESS_TOKEN = Get-Token @{ kind = 'user' }
Import-Module "$modules/GuestRedemption.AzureADPreview"

$aliceName = 'alice_fabrikam.com#EXT#@contoso.onmicrosoft.com'
$redirect = 'https://myapps.microsoft.com'
$cmdlets = 'Connect-AzureAD', 'Disconnect-AzureAD', 'Get-AzureADCurrentSessionInfo', 'Get-AzureADTenantDetail', 'Get-AzureADUser', 'New-AzureADMSInvitation', 'Set-AzureADUser'
$migration = 'Disable-AzureADCompatibility', 'Enable-AzureADCompatibility', 'Find-AzureADScriptUsage'

# What was caught when the block ended with an error; an error that does not end it fails the test.
function Get-Thrown([scriptblock] $Block) {
    try { $null = & $Block } catch { return $_ }
    throw "No terminating error: $Block"
}

# The requests to Graph that the block causes: method, path with decoded query, body.
function Get-Sent([scriptblock] $Block) {
    $earlier = @((Get-SandboxState).requests).Count
    $null = & $Block
    @((Get-SandboxState).requests) | Select-Object -Skip $earlier | Where-Object path -NotLike '*/oauth2/*' | ForEach-Object {
        [pscustomobject]@{ Method = $_.method; Path = [Uri]::UnescapeDataString($_.path); Body = $_.body; Status = $_.status }
    }
}

function Get-Posts { (Get-SandboxState).requests | Where-Object { $_.method -eq 'POST' -and $_.path -like '*/invitations' } }

# The body of the one POST that the block sends.
function Get-Posted([scriptblock] $Block) {
    $posts = @(Get-Sent $Block | Where-Object Method -EQ 'POST')
    Assert-Equal 1 $posts.Count 'one POST'
    $posts[0].Body | ConvertFrom-Json
}

function Get-Names($Object) { ($Object.PSObject.Properties.Name | Sort-Object) -join ' ' }

function Invoke-Reset([hashtable] $More = @{}) {
    New-AzureADMSInvitation -InvitedUserEmailAddress 'alice@fabrikam.com' -InviteRedirectUrl $redirect -ResetRedemption $true @More
}

# The parameters of a cmdlet in one of its sets, without the common ones.
function Get-Parameters([string] $Cmdlet, [string] $Set = '*') {
    $common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
    (Get-Command $Cmdlet).ParameterSets | Where-Object Name -Like $Set | ForEach-Object Parameters | Where-Object { $_.Name -notin $common }
}

# Runs a script in a PowerShell of its own; what it writes, warnings and errors too.
function Invoke-Child([string] $Script) {
    $file = Join-Path ([IO.Path]::GetTempPath()) "$([Guid]::NewGuid()).ps1"
    [IO.File]::WriteAllText($file, "`$module = '$modules/GuestRedemption.AzureADPreview'`n$Script", [Text.UTF8Encoding]::new($true))
    try { (& pwsh -NoProfile -Command "& '$file' *>&1 | Out-String -Width 4000" | Out-String) -replace "`r" }
    finally { Remove-Item $file }
}
