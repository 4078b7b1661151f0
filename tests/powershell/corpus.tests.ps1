# Scripts in the manner of those that were written for AzureADPreview (folder corpus), each run in a fresh runspace against
# a fresh tenant. At its end a script tells in comments what it must request and print. Where a script needs a file,
# a comment at its beginning holds it. UPDATE_CORPUS=1 writes the comments anew; look at every change before keeping it.
. "$PSScriptRoot/azureadpreview.ps1"
$env:PSModulePath = $modules + [IO.Path]::PathSeparator + $env:PSModulePath
$snippets = [IO.Directory]::GetFiles("$PSScriptRoot/corpus", '*.ps1') | Sort-Object

function Get-Blocks([string] $Text, [string] $Kind) { [regex]::Matches($Text, "(?s)<# $Kind\n(.*?)#>") }

# Users of the sandbox by number, and no ids, times or addresses of this one run.
function Get-Stable([string] $Text) {
    $replacements = [ordered]@{
        "`r"                                                   = ''
        '10000000-0000-4000-8000-0{10}(?=[0-9a-f]{2}\b)'       = 'user-'
        '\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b'        = '{id}'
        '(?m)^(InviteRedeemUrl +: ).*(\n {26}\S*)*'            = '$1{redeem url}'
        '\d{4}-\d\d-\d\dT[\d:.]+Z'                             = '{time}'
        '\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d(\s[AP]M)?'  = '{time}'
        '\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT'                   = '{time}'
        '127\.0\.0\.1:\d+'                                     = '{host}'
        '(?<=\S) {3,}'                                         = '  '
        '(?m) +$'                                              = ''
        '\n{2,}'                                               = "`n"
    }
    foreach ($pattern in $replacements.Keys) { $Text = $Text -replace $pattern, $replacements[$pattern] }
    $Text.Trim("`n")
}

# What a person would have seen; of errors the id, since the rest names files. No try stands around it, which would end
# the script at an error that it would have gone on after.
function Invoke-Snippet([string] $File) {
    Set-StrictMode -Off
    $ErrorActionPreference = 'Continue'
    $Error.Clear()
    & $File *>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.ErrorRecord]) { "error: $($_.FullyQualifiedErrorId)" }
        elseif ($_ -is [Management.Automation.WarningRecord]) { "warning: $_" }
        else { $_ }
    } | Out-String -Width 220
}

# Runs the block in a folder with the files that the script wants.
function Use-Folder([string] $Text, [scriptblock] $Block) {
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))).FullName
    foreach ($wanted in Get-Blocks $Text 'file [^\n]*:') {
        $name = [regex]::Match($wanted.Value, '^<# file (.*):').Groups[1].Value
        [IO.File]::WriteAllText("$folder/$name", $wanted.Groups[1].Value)
    }
    Push-Location $folder
    & $Block
    Pop-Location
    [IO.Directory]::Delete($folder, $true)
}

# Method, path and body. What is selected is always everything, and what Connect-AzureAD reads for its own table is left out.
function Get-RequestLines([bool] $Sorted) {
    $lines = @((Get-SandboxState).requests) | Where-Object path -NotLike '*$select=verifiedDomains' | ForEach-Object {
        $path = [Uri]::UnescapeDataString($_.path) -replace '\$select=[^&]*&?' -replace '[?&]$'
        Get-Stable "$($_.method) $path $($_.body)".Trim()
    }
    $(if ($Sorted) { $lines | Sort-Object } else { $lines }) -join "`n"
}

Assert-True ($snippets.Count -ge 40) "$($snippets.Count) scripts"
foreach ($file in $snippets) {
    $text = [IO.File]::ReadAllText($file) -replace "`r"
    Restore-Sandbox
    Disconnect-AzureAD
    $printed = Use-Folder $text { Get-Stable (Invoke-Snippet $file) }
    $requested = Get-RequestLines $text.Contains('# requests in any order')
    if ($env:UPDATE_CORPUS) {
        $body = ($text -replace '(?s)<# (requests|prints):\n.*?#>\n').TrimEnd("`n")
        $blocks = @('requests', $requested), @('prints', $printed) | ForEach-Object { "<# $($_[0]):`n$($_[1])`n#>`n" -replace ":`n`n#>", ":`n#>" }
        [IO.File]::WriteAllText($file, "$body`n$(-join $blocks)")
        continue
    }
    It "corpus: $([IO.Path]::GetFileNameWithoutExtension($file))" {
        Assert-Equal (Get-Blocks $text 'requests:')[0].Groups[1].Value.Trim("`n") $requested 'requests'
        Assert-Equal (Get-Blocks $text 'prints:')[0].Groups[1].Value.Trim("`n") $printed 'prints'
    }
}
Disconnect-AzureAD

exit $failures
