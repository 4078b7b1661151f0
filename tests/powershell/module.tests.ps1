. "$PSScriptRoot/harness.ps1"
$commands = 'Connect-GuestRedemption', 'Disconnect-GuestRedemption', 'Get-GuestRedemption', 'Get-GuestRedemptionContext', 'Reset-GuestRedemption', 'Test-GuestRedemption'
$common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters
Import-Module "$modules/GuestRedemption"

It 'has a valid manifest for both editions, and exports exactly its commands' {
    $manifest = Test-ModuleManifest "$modules/GuestRedemption/GuestRedemption.psd1"
    Assert-Equal '5.1' "$($manifest.PowerShellVersion)"
    Assert-Equal 'Desktop Core' "$($manifest.CompatiblePSEditions)"
    Assert-Equal "$commands" "$((Get-Command -Module GuestRedemption).Name | Sort-Object)"
    Assert-Equal ([GuestRedemption.Client]::Version) "$($manifest.Version)" 'version of module and library'
}

It 'has help for every command and parameter, with two examples' {
    foreach ($name in $commands) {
        $help = Get-Help $name -Full
        Assert-True ($help.Synopsis -and $help.Synopsis -notmatch [regex]::Escape($name)) "$name has a synopsis"
        Assert-True $help.description "$name has a description"
        Assert-True (@($help.examples.example).Count -ge 2) "$name has two examples"
        foreach ($example in $help.examples.example) {
            $null = [scriptblock]::Create($example.code)
            Assert-True $example.remarks "$name explains its examples"
        }
        $parameters = (Get-Command $name).Parameters.Values | Where-Object { $common -notcontains $_.Name -and $_.Name -ne 'InputObject' }
        foreach ($parameter in $parameters) {
            $documented = $help.parameters.parameter | Where-Object name -EQ $parameter.Name
            Assert-True $documented.description "$name -$($parameter.Name) has help"
        }
    }
    Assert-Match 'Connect-GuestRedemption' (Get-Help about_GuestRedemption | Out-String)
}

It 'runs the examples of its help as they are written' {
    $null = Connect-GuestRedemption
    foreach ($name in 'Get-GuestRedemption', 'Test-GuestRedemption', 'Reset-GuestRedemption') {
        $number = 0
        foreach ($example in (Get-Help $name -Full).examples.example) {
            Restore-Sandbox
            $number++
            $folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid()))
            Push-Location $folder
            try {
                "UserId,NewEmail`nalice@fabrikam.com,alice@tailspin.com" | Set-Content guests.csv
                $ConfirmPreference = 'None'
                $null = & ([scriptblock]::Create($example.code)) 3>$null
            }
            catch { throw "example $number of $name`: $_" }
            finally {
                Pop-Location
                Remove-Item $folder -Recurse
            }
        }
    }
    Disconnect-GuestRedemption
}

It 'lists every path tried when there is no library' {
    $script = "`$env:GUEST_REDEMPTION_LIBRARY = '/nowhere/lib.so'; Import-Module '$modules/GuestRedemption'; try { Get-GuestRedemption } catch { `$_.FullyQualifiedErrorId; `"`$_`" }"
    $shown = & pwsh -NoProfile -Command $script | Out-String
    Assert-Match 'LibraryNotFound,Get-GuestRedemption' $shown
    Assert-Match 'nowhere.lib\.so \(no such file\)' $shown
}

# The sources without anything built, in a folder of their own.
function Use-Copy([scriptblock] $Body) {
    $copy = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid())
    $null = New-Item -ItemType Directory "$copy/src"
    Copy-Item "$modules/build.ps1", "$modules/Directory.Build.props" $copy
    Copy-Item "$modules/GuestRedemption" $copy -Recurse
    Remove-Item "$copy/GuestRedemption/bin" -Recurse
    foreach ($project in 'GuestRedemption', 'GuestRedemption.PowerShell') {
        $null = New-Item -ItemType Directory "$copy/src/$project"
        Copy-Item "$modules/src/$project/*.cs*" "$copy/src/$project"
    }
    try { & $Body $copy }
    finally { Remove-Item $copy -Recurse -Force }
}

It 'builds once when two processes import at the same time' {
    Use-Copy {
        param($copy)
        $script = "Import-Module '$copy/GuestRedemption'; (Get-Command -Module GuestRedemption).Count"
        $shown = 1..2 | ForEach-Object -Parallel { (& pwsh -NoProfile -Command $using:script 2>&1) -join "`n" }
        Assert-Equal 1 @($shown -match 'from its sources').Count 'builds'
        Assert-Equal 2 @($shown -match '(?m)^6\r?$').Count 'imports'
    }
}

It 'builds again when a source is newer, and only then' {
    Use-Copy {
        param($copy)
        $script = "Import-Module '$copy/GuestRedemption'; (Get-Command -Module GuestRedemption).Count"
        Assert-Match 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        Assert-NoMatch 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        [IO.File]::SetLastWriteTimeUtc("$copy/src/GuestRedemption/Json.cs", [DateTime]::UtcNow)
        Assert-Match 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
        Assert-NoMatch 'from its sources' (& pwsh -NoProfile -Command $script | Out-String)
    }
}

It 'builds with Add-Type where there is no dotnet' {
    $pwsh = (Get-Command pwsh).Source
    $path = $env:PATH
    Use-Copy {
        param($copy)
        $separator = [IO.Path]::PathSeparator
        $env:PATH = @($path.Split($separator) | Where-Object { -not (Get-ChildItem $_ -Filter 'dotnet*' -ErrorAction Ignore) }) -join $separator
        try { $shown = & $pwsh -NoProfile -Command "Import-Module '$copy/GuestRedemption'; (Get-GuestRedemption $alice).DisplayName" 2>&1 | Out-String }
        finally { $env:PATH = $path }
        Assert-Match 'with Add-Type' $shown
        Assert-Match '(?m)^Alice Alvarez\r?$' $shown
    }
}

exit $failures
