# The scripts of 2021 as they were published: every call of theirs runs, but for the lines that install the old module.
. "$PSScriptRoot/harness.ps1"
$pages = $env:GUEST_REDEMPTION_ORIGIN_PAGES
if (-not $pages) {
    'SKIPPED: the scan of the five scripts of 2021, because GUEST_REDEMPTION_ORIGIN_PAGES names no folder'
    exit 0
}
Import-Module "$modules/GuestRedemption.AzureADPreview"
$files = @([IO.Directory]::GetFiles($pages))

# The first block of PowerShell in a page, with the placeholder that no parser takes filled.
function Get-Block([string] $Page) {
    $block = [regex]::Match([IO.File]::ReadAllText($Page), '(?s)```powershell[^\n]*\n(.*?)```')
    if (-not $block.Success) { throw "no script in $Page" }
    $block.Groups[1].Value.Replace('<<external email>>', 'a@fabrikam.com')
}

It 'there are pages' { Assert-True $files.Count "no page in $pages" }

foreach ($file in $files) {
    It "all of $(Split-Path $file -Leaf) runs" {
        $script = Join-Path ([IO.Path]::GetTempPath()) "$([Guid]::NewGuid()).ps1"
        [IO.File]::WriteAllText($script, (Get-Block $file))
        try { $found = @(Find-AzureADScriptUsage $script -ErrorAction Stop) }
        finally { [IO.File]::Delete($script) }
        $installs, $calls = $found.Where({ $_.Text -match 'nstall-Module' }, 'Split')
        Assert-Equal 'Runs' "$($calls.Status | Sort-Object -Unique)" 'status'
        foreach ($name in 'Connect-AzureAD', 'Get-AzureADUser', '[Microsoft.Open.MSGraph.Model.User]', 'New-AzureADMSInvitation') {
            Assert-True ($calls.Command -ccontains $name) "$name is found"
        }
        Assert-Equal 'Partly' "$($installs.Status | Sort-Object -Unique)" 'installing'
    }
}

exit $failures
